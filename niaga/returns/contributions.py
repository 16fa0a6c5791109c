"""What returns adds to the pages of all: its place, its finds, its stage of the chain; and the promises it keeps."""


def contribute() -> None:
    pass

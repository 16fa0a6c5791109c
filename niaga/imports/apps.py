from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "niaga.imports"

    def ready(self) -> None:
        from niaga.core.registry import state_words
        from niaga.imports.web import contributions, words

        state_words.add("import", words.STATUSES)
        contributions.contribute()

"""`python -m niaga …` is the `niaga` command."""

from niaga.config.command import main

main()

"""Words in, exit code out."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from weighbridge.commands._telling import guarded
from weighbridge.shelf import modules

ROOM = "weighbridge.commands"


class Commands(click.Group):
    """Every module of the commands' folder that does not begin with `_`; imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name.replace("_", "-") for name in modules(ROOM)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = cmd_name.replace("-", "_")
        if name not in modules(ROOM):
            return None
        command = import_module(f"{ROOM}.{name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """An unknown word is answered with the nearest known one."""
        name = args[0]
        if self.get_command(ctx, name) is None and not name.startswith("-"):
            from difflib import get_close_matches

            close = get_close_matches(name, self.list_commands(ctx), 1)
            target = "" if not os.path.exists(name) else f" To weigh it: weighbridge scan {name}"
            known = f" Did you mean {close[0]!r}?" if close else target or f" Commands: {', '.join(modules(ROOM))}."
            ctx.fail(f"No such command {name!r}.{known}")
        return super().resolve_command(ctx, args)


def version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from weighbridge import __version__

        click.echo(f"weighbridge {__version__}")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--version", "-V", is_flag=True, is_eager=True, expose_value=False, callback=version, help="The version.")
@click.option("--traceback", is_flag=True, help="Show where in weighbridge an unexpected error arose.")
@click.pass_context
def weighbridge(ctx: click.Context, traceback: bool) -> None:
    """A gate that no AI/ML model passes into a build unweighed.

    \b
      weighbridge scan ./models            weigh a file, a model's folder, or a folder of models
      weighbridge scan model.pt -o json    as JSON
      weighbridge explain PKL-100          what a code means, and what to do

    Exit codes: 0 every model ALLOWED, 1 at least one BLOCKED, 2 an error, or nothing to weigh.
    """
    ctx.obj = {"traceback": traceback}


def run(command: click.Command, name: str, words: list[str] | None = None) -> int:
    """One command line to its exit code."""

    def act() -> object:
        try:
            return command.main(args=words, prog_name=name, standalone_mode=False)
        except click.exceptions.Exit as left:
            return left.exit_code
        except click.ClickException as fault:
            fault.show()
            return 2
        except click.Abort:
            raise KeyboardInterrupt from None

    return guarded(act, words if words is not None else sys.argv[1:])

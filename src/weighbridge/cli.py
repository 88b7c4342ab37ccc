"""Words in, exit code out."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import NoReturn

import click

from weighbridge.errors import GateError
from weighbridge.shelf import modules

ROOM = "weighbridge.commands"
BUG = "this is a bug in weighbridge: nothing was allowed; please report it with --traceback's output"


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


def main() -> NoReturn:
    """The console script's door."""
    raise SystemExit(run(weighbridge, "weighbridge"))


def run(command: click.Command, name: str, words: list[str] | None = None) -> int:
    """One command line to its exit code. Whatever breaks is an error (2), never a pass."""
    harden(sys.stdout)
    harden(sys.stderr)
    try:
        code = command.main(args=words, prog_name=name, standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.ClickException as fault:
        fault.show()
        return 2
    except click.Abort:
        print("interrupted: nothing was allowed", file=sys.stderr)  # noqa: T201
        return 130
    except GateError as error:
        told(error)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 2
    except Exception as error:
        return failed(error, words if words is not None else sys.argv[1:])


def harden(stream: object) -> None:
    """What a terminal's encoding cannot say is escaped, never an exception half-way through a report."""
    if reconfigure := getattr(stream, "reconfigure", None):
        reconfigure(errors="backslashreplace")


def told(error: GateError) -> None:
    """An error is advice: what is wrong, then what to do."""
    from weighbridge.reports._neutral import neutral

    for number, line in enumerate(error.message.split("\n")):
        click.echo(("error: " if not number else "") + neutral(line, 2000), err=True)
    if error.hint:
        click.echo(f"  {neutral(error.hint, 2000)}", err=True)


def failed(error: Exception, words: list[str]) -> int:
    """A bug of ours: said in a sentence, for a traceback may hold what was read."""
    from weighbridge.reports._neutral import neutral

    click.echo(f"error: {type(error).__name__}: {neutral(error)}", err=True)
    click.echo(f"  {BUG}", err=True)
    if "--traceback" in words:
        import traceback

        for line in traceback.format_exception(error):
            for part in line.rstrip().split("\n"):
                click.echo(neutral(part), err=True)
    return 2

"""The loader's commands on their own: `python -m loader build`."""

from __future__ import annotations

import click

from loader import commands


@click.group()
def main() -> None:
    """Build and explain releases of registergraf."""


main.add_command(commands.build)
main.add_command(commands.explain)
main.add_command(commands.synthesize)

if __name__ == "__main__":
    main()

"""Options that several commands share."""

from typing import Annotated

import typer

DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        help="Where the data is; else CRM_DATABASE_URL, else sqlite:///crm.db.",
        metavar="URL",
        show_default=False,
    ),
]
Organization = Annotated[
    str | None,
    typer.Option(help="Its id or exact name; may be left out when there is only one.", show_default=False),
]

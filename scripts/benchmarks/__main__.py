"""The commands of scripts/bench."""

import typer

from scripts.benchmarks.custom_fields_bench import bench_custom_fields
from scripts.benchmarks.graphql_bench import bench_graphql
from scripts.benchmarks.importing import bench_import
from scripts.benchmarks.searching import bench_search

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def measure() -> None:
    """Measure the program on this machine."""


app.command("custom-fields")(bench_custom_fields)
app.command("graphql")(bench_graphql)
app.command("import")(bench_import)
app.command("search")(bench_search)
app()

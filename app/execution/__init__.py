"""How operations run fast: planned once per document, then answered by one statement per level and generated code."""

"""What others wrote, on a terminal."""


def plain(value: object) -> str:
    r"""A value for a terminal: nothing in it can move the cursor or hide what stands beside it.

    Whatever is not printable (Unicode categories Other and Separator but the space: escapes, line
    ends, direction marks, lone surrogates) becomes its Python escape, such as `\x1b`.
    """
    text = "" if value is None else str(value)
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)

"""What a person reads, in the language of the window. English is what the code says; catalogs hold the others.

Nothing is translated until :func:`install` is called, which the window does when it starts: the terminal, whose words
scripts read, stays English. Modules of core and workers may be imported before that, so they translate where a text is
used and only :func:`mark` it in a table; those of the window come after it, and may translate a table as it is made.
"""

from gettext import GNUTranslations, NullTranslations
from importlib.resources.abc import Traversable

from resources.paths import resource

SOURCE_LANGUAGE = "en"
_DOMAIN = "clickcut"

_catalog = NullTranslations()


def tr(text: str, /, **values: object) -> str:
    """Return a text in the language of the window, with `values` in the place of their names in braces.

    Braces count only where values are given.
    """
    return _filled(_catalog.gettext(text) if text else "", values)


def tr_n(one: str, many: str, n: int, /, **values: object) -> str:
    """Return the text for `n` things, which is ``{n}`` in it."""
    return _filled(_catalog.ngettext(one, many, n), {"n": n} | values)


def tr_in(context: str, text: str, /, **values: object) -> str:
    """Return a text that means different things in different places; `context` says which, and is not shown."""
    return _filled(_catalog.pgettext(context, text), values)


def mark(text: str) -> str:
    """Return `text` as it is, to be translated where it is used."""
    return text


def number(value: float, digits: int) -> str:
    """Return a number with `digits` decimal places, as it is written in the language of the window."""
    return f"{value:.{digits}f}".replace(".", tr_in("decimal sign", "."))


def install(language: str) -> None:
    """Let texts be in this language from now on; in English where there is no catalog for it."""
    use(_read(language))


def use(catalog: NullTranslations) -> None:
    """Let texts be as this catalog has them."""
    global _catalog  # noqa: PLW0603 - one process speaks one language, as with gettext.install
    _catalog = catalog


def languages() -> dict[str, str]:
    """Return the codes of all languages that there are, with what their speakers call them; English comes first."""
    codes = sorted(folder.name for folder in resource("translations").iterdir() if _file(folder.name).is_file())
    # For translators: the name of your language in your language.
    named = {code: _read(code).pgettext("name of this language", "English") for code in codes}
    return {SOURCE_LANGUAGE: "English"} | named


def best_language(wish: str, spoken: list[str]) -> str:
    """Return the language to use: the wish, or for ``"system"`` the first of `spoken` that there is; else English.

    Parameters
    ----------
    spoken
        What the person reads, the best first, each like ``"de-AT"`` or ``"de"``.
    """
    known = languages()
    for each in spoken if wish == "system" else [wish]:
        code = each.replace("-", "_")
        found = next((name for name in (code, code.partition("_")[0]) if name in known), None)
        if found is not None:
            return found
    return SOURCE_LANGUAGE


def _read(language: str) -> NullTranslations:
    file = _file(language)
    if not file.is_file():
        return NullTranslations()
    with file.open("rb") as stream:
        return GNUTranslations(stream)


def _file(language: str) -> Traversable:
    return resource("translations", language, "LC_MESSAGES", f"{_DOMAIN}.mo")


def _filled(text: str, values: dict[str, object]) -> str:
    return text.format(**values) if values else text

"""The language of the window: chosen once, before its modules are imported, because their tables are worded then."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from core import texts
from core.settings import wished_language


def choose_language() -> str:
    """Let everything that is imported from now on speak the language of the settings, and return its code."""
    system = QLocale.system()
    language = texts.best_language(wished_language(), system.uiLanguages())
    texts.install(language)
    spoken = QLocale(language)
    # A system that speaks the language itself knows also how numbers are written where it stands.
    QLocale.setDefault(system if system.language() == spoken.language() else spoken)
    return language


def translate_qt(application: QCoreApplication) -> None:
    """Let what Qt itself says, in its dialogs and in the names of keys, be in the language of the window."""
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(QLocale(), "qtbase", "_", folder):
        application.installTranslator(translator)

"""One model in the model manager: how it stands, what can be done, and what is under way."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from core.model_list import ModelSpec
from core.texts import tr
from ui.dialogs.dialog import button, paragraph, set_role
from ui.model_look import ModelLook
from ui.model_words import spec_size

_WIDTH = 140
"""Of the button at the right, so that those of all rows stand below one another."""


class ModelRow(QFrame):
    """Shows a look, a note and a progress; says which button was pressed."""

    download_wanted = Signal(object)  # ModelSpec, as all of them
    add_wanted = Signal(object)
    verify_wanted = Signal(object)
    remove_wanted = Signal(object)
    stop_wanted = Signal(object)

    def __init__(self, look: ModelLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("modelRow")
        self.spec = look.spec
        self._look = look
        self._is_busy = False
        title, is_folder = look.spec.title, look.spec.is_folder
        self.download_button = self._button(
            tr("Download {size}", size=spec_size(look.spec)),
            tr("Download {model}", model=title),
            self.download_wanted.emit,
        )
        self.add_button = self._button(
            tr("Add a folder…") if is_folder else tr("Add a file…"),
            tr("Add a folder for {model}", model=title) if is_folder else tr("Add a file for {model}", model=title),
            self.add_wanted.emit,
        )
        self.verify_button = self._button(tr("Verify"), tr("Verify {model}", model=title), self.verify_wanted.emit)
        self.remove_button = self._button(tr("Remove…"), tr("Remove {model}", model=title), self.remove_wanted.emit)
        self.stop_button = self._button(
            tr("Stop"), tr("Stop what is under way for {model}", model=title), self.stop_wanted.emit
        )
        self.state, self.details, self.measured = QLabel(), QLabel(), paragraph("", "muted")
        self.details.setProperty("role", "muted")
        self.note = paragraph("", "muted")
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress of {model}", model=title))
        for each in (self.download_button, self.stop_button):
            each.setMinimumWidth(_WIDTH)
        self._place()
        self.say("")
        self.show_measured(())
        self.show_look(look)

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """All of them, in their order from the left."""
        return (self.add_button, self.verify_button, self.remove_button, self.download_button, self.stop_button)

    def show_look(self, look: ModelLook) -> None:
        """Show how the model stands."""
        self._look = look
        self.state.setText(look.state)
        set_role(self.state, look.role)
        self.details.setText(look.details)
        size = spec_size(look.spec)
        self.download_button.setText(
            tr("Resume {size}", size=size) if look.nbytes else tr("Download {size}", size=size)
        )
        self.setAccessibleName(f"{look.spec.title}: {look.state}, {look.details}")
        self.setAccessibleDescription(tr(look.spec.summary))
        self._refresh()

    def show_busy(self, is_busy: bool, step: str = "", fraction: float | None = None) -> None:
        """Show whether something is under way, and how far it is."""
        self._is_busy = is_busy
        if is_busy:
            self.bar.setRange(0, 0 if fraction is None else 1000)
            if fraction is not None:
                self.bar.setValue(round(1000 * fraction))
            self.say(step or tr("Waiting for its turn"))
        self._refresh()

    def say(self, text: str, role: str = "muted") -> None:
        """Say something about the model in one sentence; nothing if it is empty."""
        self.note.setText(text)
        self.note.setVisible(bool(text))
        set_role(self.note, role)

    def show_measured(self, lines: Sequence[str], has_failed: bool = False) -> None:
        """Show how fast the model is, a line for each device."""
        self.measured.setText("\n".join(lines))
        self.measured.setVisible(bool(lines))
        set_role(self.measured, "error" if has_failed else "muted")

    def _refresh(self) -> None:
        look, is_free = self._look, not self._is_busy
        had_focus = any(each.hasFocus() for each in self.buttons)
        self.download_button.setVisible(is_free and look.can_download)
        self.add_button.setVisible(is_free and look.can_download)
        self.verify_button.setVisible(is_free and look.can_verify)
        self.remove_button.setVisible(is_free and look.can_remove)
        self.stop_button.setVisible(self._is_busy)
        self.bar.setVisible(self._is_busy)
        if had_focus and not any(each.hasFocus() for each in self.buttons):
            # The keyboard stays with the model whose button has just gone, and never falls upon the removal first.
            order = (self.stop_button, self.verify_button, self.download_button, self.add_button, self.remove_button)
            for each in order:
                if not each.isHidden():
                    each.setFocus()
                    break

    def _button(self, text: str, spoken: str, tell: Callable[[ModelSpec], object]) -> QPushButton:
        made = button(text)
        made.setAccessibleName(spoken)
        made.clicked.connect(lambda: tell(self.spec))
        return made

    def _place(self) -> None:
        title = QLabel(self.spec.title)
        title.setProperty("role", "heading")
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(title)
        head.addWidget(self.state)
        head.addStretch(1)
        words, top, whole = QVBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        for column in (words, whole):
            column.setSpacing(4)
        words.addLayout(head)
        words.addWidget(paragraph(tr(self.spec.summary)))
        words.addWidget(self.details)
        top.setSpacing(8)
        top.addLayout(words, 1)
        top.addSpacing(8)
        for each in self.buttons:
            top.addWidget(each, 0, Qt.AlignmentFlag.AlignTop)
        whole.setContentsMargins(12, 10, 12, 10)
        whole.addLayout(top)
        # Below the buttons, too: a sentence that says what went wrong is long.
        for widget in (self.measured, self.bar, self.note):
            whole.addWidget(widget)

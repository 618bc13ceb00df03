"""The bar above the canvas that says what happened, and stays out of the way."""

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from core.texts import tr
from ui.icons import icon, pixmap
from ui.message import Message, MessageAction, MessageKind
from ui.theme import Theme, Tokens

_SHOWN_MS = 9_000
"""How long good news stay; an error stays until it is closed or something else is said."""


class MessageBar(QFrame):
    """Shows one message at a time, with its action and a button that closes it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBar")
        self._theme = theme
        self._message: Message | None = None
        self._mark = QLabel()
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._action, self._other = QPushButton(), QPushButton()
        for button in (self._action, self._other):
            button.setProperty("role", "link")
        self._action.clicked.connect(self._on_action)
        self._other.clicked.connect(self._on_other)
        self._close = QToolButton()
        self._close.setIconSize(QSize(16, 16))
        self._close.setToolTip(tr("Close this message"))
        self._close.setAccessibleName(tr("Close this message"))
        self._close.clicked.connect(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 5, 8, 5)
        row.setSpacing(10)
        row.addWidget(self._mark)
        row.addWidget(self._text, 1)
        row.addWidget(self._action)
        row.addWidget(self._other)
        row.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SHOWN_MS)
        self._timer.timeout.connect(self.clear)
        theme.changed.connect(self._draw)
        self.hide()

    @property
    def message(self) -> Message | None:
        """What is shown."""
        return self._message

    @Slot(object)
    def show_message(self, message: Message) -> None:
        """Show a message in place of the one before."""
        self._message = message
        self._text.setText(message.text)
        self.setAccessibleName(message.text)
        for button, action in ((self._action, message.action), (self._other, message.other)):
            button.setVisible(action is not None)
            button.setText(action.text if action is not None else "")
        self.setProperty("kind", message.kind.value)
        self.style().unpolish(self)
        self.style().polish(self)
        self._draw()
        self.show()
        if message.kind is MessageKind.ERROR:
            self._timer.stop()
        else:
            self._timer.start()

    @Slot(object)
    def take_back(self, message: Message) -> None:
        """Show nothing, if it is this message that is shown."""
        if message is self._message:
            self.clear()

    @Slot()
    def clear(self) -> None:
        """Show nothing."""
        if self._message is not None:
            self._message = None
            self._timer.stop()
            self.hide()

    @Slot()
    def _on_action(self) -> None:
        self._do(self._message.action if self._message is not None else None)

    @Slot()
    def _on_other(self) -> None:
        self._do(self._message.other if self._message is not None else None)

    def _do(self, action: MessageAction | None) -> None:
        self.clear()
        if action is not None:
            action.run()

    @Slot()
    def _draw(self) -> None:
        self._close.setIcon(icon("close", self._theme.tokens))
        if self._message is not None:
            name, color = _look(self._message.kind, self._theme.tokens)
            self._mark.setPixmap(pixmap(name, color, 20, self.devicePixelRatioF()))


def _look(kind: MessageKind, tokens: Tokens) -> tuple[str, str]:
    return {
        MessageKind.INFO: ("info", tokens.accent_text),
        MessageKind.SUCCESS: ("success", tokens.success),
        MessageKind.ERROR: ("warning", tokens.danger),
    }[kind]

from ui import freed_memory
from ui.editor import Editor
from ui.freed_memory import FreedMemory


def test_memory_of_photos_is_given_back_once_after_others_have_taken_their_place(qtbot, monkeypatch):
    calls = []
    monkeypatch.setattr(freed_memory, "give_back_memory", lambda: calls.append("given back"))
    editor = Editor()
    follower = FreedMemory(editor, quiet_ms=0, parent=editor)
    for _ in range(3):
        editor.set_document(None)
    assert calls == []
    qtbot.waitUntil(lambda: calls != [])
    assert calls == ["given back"]
    assert follower.parent() is editor

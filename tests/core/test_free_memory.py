from core.free_memory import available_bytes


def test_what_the_system_says_is_told_in_bytes(tmp_path):
    path = tmp_path / "meminfo"
    path.write_text("MemTotal:       16000000 kB\nMemFree:  100 kB\nMemAvailable:   2048 kB\n")
    assert available_bytes(path) == 2 << 20


def test_a_system_that_does_not_say_so_is_not_guessed_about(tmp_path):
    path = tmp_path / "meminfo"
    assert available_bytes(path) is None
    for content in ("", "MemAvailable:", "MemAvailable: lots kB"):
        path.write_text(content)
        assert available_bytes(path) is None


def test_this_machine_gives_a_number_or_none():
    available = available_bytes()
    assert available is None or available > 0

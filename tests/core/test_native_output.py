import os
import subprocess
import sys

from core.native_output import native_stderr_silenced


def test_what_is_written_in_the_block_is_gone_and_what_follows_is_not(capfd):
    with native_stderr_silenced():
        os.write(2, b"noise")
    os.write(2, b"news")

    assert capfd.readouterr().err == "news"


def test_a_process_without_a_standard_error_goes_on():
    code = "import os; from core.native_output import native_stderr_silenced as s; os.close(2)\nwith s(): print('on')"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "on\n")

#!/bin/sh
# torch 2.15.0: programs that compile nothing import torch's compiler, some 900 modules and seconds of CPU time,
# by three things that look harmless: making an AdamW optimizer, marking a function with
# torch.compiler.disable, and arithmetic with a number on the meta device. torch itself does not import it.
# Seen on Python 3.11, Linux, a CPU:
#
#   import torch: not imported
#   torch.optim.AdamW(parameters): imported
#   torch.compiler.disable(function): imported
#   meta tensor * 2.0: imported
#   cpu tensor * 2.0: not imported
#
# sh findings/torch_eager_code_imports_compiler.sh      exit code 1 when this has changed
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check torch==2.15.0 numpy==2.4.6
report() {
    "$folder/venv/bin/python" - "$1" "$2" <<'PYTHON'
import sys

import torch

name, code = sys.argv[1:]
exec(code)
print(f"{name}: {'imported' if 'torch._dynamo' in sys.modules else 'not imported'}")
PYTHON
}
{
    report "import torch" "pass"
    report "torch.optim.AdamW(parameters)" "torch.optim.AdamW([torch.nn.Parameter(torch.ones(2))])"
    report "torch.compiler.disable(function)" "torch.compiler.disable(lambda x: x)"
    report "meta tensor * 2.0" "torch.arange(4, device='meta') * 2.0"
    report "cpu tensor * 2.0" "torch.arange(4) * 2.0"
} | tee "$folder/seen.txt"
cat > "$folder/expected.txt" <<'TEXT'
import torch: not imported
torch.optim.AdamW(parameters): imported
torch.compiler.disable(function): imported
meta tensor * 2.0: imported
cpu tensor * 2.0: not imported
TEXT
diff "$folder/expected.txt" "$folder/seen.txt"

#!/bin/sh
# Print the path of a Python that can run this project, or say in a sentence what to install.
# The one in .venv first, then the version .python-version names, then any that is new enough.
# A name that answers is not enough: pyenv's shims answer and then fail, so each one is tried.

cd "$(dirname "$0")/.." || exit 1
wanted=$(head -n 1 .python-version)
older=""
unfit=""

fits() {
    program=$(command -v "$1" 2>/dev/null) || return 1
    version=$("$program" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' \
        2>/dev/null </dev/null) || return 1
    case $version in
        3.1[2-9].* | 3.[2-9][0-9].*) ;;
        *)
            older="$older $version"
            return 1
            ;;
    esac
    "$program" -c 'import ssl, venv, ensurepip' >/dev/null 2>&1 </dev/null && return 0
    unfit=$program
    return 1
}

home=${HOME:-/root}
pyenv=${PYENV_ROOT:-$home/.pyenv}/versions
for candidate in \
    .venv/bin/python \
    "python$wanted" "$pyenv/$wanted"*/bin/python \
    python3 python python3.14 python3.13 python3.12 \
    "$pyenv"/3.14*/bin/python "$pyenv"/3.13*/bin/python "$pyenv"/3.12*/bin/python \
    "$home"/.local/share/uv/python/cpython-3.1[2-9]*/bin/python3 \
    "$home"/.asdf/installs/python/3.1[2-9]*/bin/python \
    /usr/local/bin/python3 /opt/homebrew/bin/python3 /opt/python/*/bin/python3; do
    if fits "$candidate"; then
        "$program" -c 'import sys; print(sys.executable)' </dev/null
        exit 0
    fi
done

if [ -n "$unfit" ]; then
    minor=$("$unfit" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "Python $minor ($unfit) cannot make virtual environments: install its venv part" \
        "(Debian and Ubuntu: apt-get install python$minor-venv) and run this again." >&2
    exit 1
fi
newest=$(echo "$older" | tr ' ' '\n' | sort -t . -k 1,1n -k 2,2n -k 3,3n | tail -n 1)
echo "Python 3.12 or newer is needed and ${newest:+the newest here is }${newest:-none was found}:" \
    "install it (Debian 13, Ubuntu 24.04: apt-get install python3 python3-venv;" \
    "macOS: brew install python@$wanted; anywhere: pyenv install $wanted," \
    "or uv python install $wanted) and run this again." >&2
exit 1

#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs clang-tidy on the sources of server and client, several at a time.

  tidy.py BUILD_FOLDER

Nearly all of clang-tidy's time goes into what a source includes, so sources with the same
flags are included into one bundle and looked at together. Two sources that give a name of
their own to different things (in namespaces without a name) go to different bundles; where
that was missed the bundle does not compile, and its halves are looked at.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

MOST_IN_A_BUNDLE = 12
ROOT = pathlib.Path(__file__).resolve().parent.parent
TYPE = re.compile(r'\b(?:class|struct|enum) (\w+)|\busing (\w+) $')
FUNCTION = re.compile(r'\b(\w+)\(([^)]*)')
CONSTANT = re.compile(r'\b(\w+)(?:\[[^\]]*\])* ?(?:[{;]|$)')


def declared(line):
    """What a line at the outermost level declares: a name, and the types of what a function takes."""
    line = line.split('= ')[0]
    function = FUNCTION.search(line)
    if function:
        return function[1] + '(' + re.sub(r' \w+(?=,|$)', '', function[2])
    found = TYPE.search(line) or CONSTANT.search(line)
    return next(filter(None, found.groups())) if found else line


def own_names(source):
    """What a source declares in its namespaces without a name."""
    names = set()
    inside = False
    for line in source.read_text().splitlines():
        if line.startswith('namespace {'):
            inside = True
        elif line.startswith('}  // namespace'):
            inside = False
        elif inside and re.match(r'(?!namespace|using \w+::)\w', line):
            names.add(declared(line))
    return names


def flags(entry):
    """The flags in an entry of compile_commands.json, without what it makes of what."""
    words = shlex.split(entry['command'])
    first = next(i for i, word in enumerate(words) if word.startswith('-'))
    at = words.index('-o')
    kept = [word for word in words[first:at] + words[at + 2:] if word not in ('-c', entry['file'])]
    # A local name may be that of another source of the bundle; the compiler looks for shadows as well.
    return [*kept, '-Wno-shadow']


def bundles(entries):
    """Pairs of flags and sources; each source is in one of them."""
    made = []
    for entry in entries:
        source = pathlib.Path(entry['file'])
        wanted = flags(entry)
        names = own_names(source)
        for bundle in made:
            if bundle['flags'] == wanted and not bundle['names'] & names and len(bundle['sources']) < MOST_IN_A_BUNDLE:
                break
        else:
            bundle = {'flags': wanted, 'names': set(), 'sources': []}
            made.append(bundle)
        bundle['names'] |= names
        bundle['sources'].append(source)
    return [(bundle['flags'], bundle['sources']) for bundle in made]


def look_at(bundle, wanted, sources):
    """What clang-tidy finds in the sources, "" for nothing; bundle: the file that includes them."""
    bundle.write_text(''.join(f'#include "{source}"  // NOLINT(bugprone-suspicious-include)\n' for source in sources))
    done = subprocess.run(['clang-tidy-14', '-quiet', f'--config-file={ROOT}/.clang-tidy', str(bundle), '--', *wanted],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    if '[clang-diagnostic-error]' in done.stdout and len(sources) > 1:
        half = len(sources) // 2
        return look_at(bundle, wanted, sources[:half]) + look_at(bundle, wanted, sources[half:])
    return done.stdout or 'clang-tidy failed\n' if done.returncode else ''


def unused_names(source):
    """The using-declarations whose name the source never uses; clang-tidy finds them only outside of bundles."""
    text = re.sub(r'^#.*', '', source.read_text(), flags=re.MULTILINE)
    return ''.join(f'{source}: error: {name} is not used after its using-declaration\n'
                   for name in re.findall(r'^using [\w:]+::(\w+);', text, re.MULTILINE)
                   if not re.search(rf'(?<![:\w]){name}\b', text))


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    entries = [entry for entry in json.loads((build / 'compile_commands.json').read_text())
               if re.match(r'(server|client)/.*\.cc$', os.path.relpath(entry['file'], ROOT))]
    folder = build / 'tidy'
    folder.mkdir(exist_ok=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        looks = [pool.submit(look_at, folder / f'bundle{i}.cc', *bundle) for i, bundle in enumerate(bundles(entries))]
        found = [look.result() for look in looks]
    found += [unused_names(pathlib.Path(entry['file'])) for entry in entries]
    print(''.join(found), end='')
    return 1 if any(found) else 0


if __name__ == '__main__':
    sys.exit(main())

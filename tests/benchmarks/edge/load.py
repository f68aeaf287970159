# What the edge of A/B segments bears: viewers who take playlists and segments through nginx, with tokens and without.
# load.sh starts the servers and gives the addresses.
# SPDX-License-Identifier: LGPL-2.1-or-later
import argparse
import asyncio
import collections
import json
import os
import time


def cpu_seconds(pids):
    """Of the processes and the children that they have waited for."""
    total = 0
    for pid in pids:
        fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
        total += sum(int(field) for field in fields[11:13])
    return total / os.sysconf("SC_CLK_TCK")


class Connection:
    """One of HTTP/1.1 that is used again."""

    def __init__(self, port):
        self.port = port
        self.streams = None

    async def request(self, path, body=None):
        if self.streams is None:
            self.streams = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self.streams
        data = b"" if body is None else json.dumps(body).encode()
        method = "GET" if body is None else "POST"
        writer.write(f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data)
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.split("content-length: ")[1].split("\r\n")[0])
        answer = await reader.readexactly(length)
        if "connection: close" in head:
            writer.close()
            self.streams = None
        return int(head.split()[1]), answer


async def run(port, paths, seconds, connections):
    """Requests paths round and round. Returns statuses and how long it took."""
    statuses = collections.Counter()
    end = time.monotonic() + seconds
    place = iter(range(1 << 60))

    async def client():
        connection = Connection(port)
        while time.monotonic() < end:
            path = paths[next(place) % len(paths)]
            status, body = await connection.request(path)
            if status == 200 and path.endswith(".ts") and body[:9] not in (b"segment a", b"segment b"):
                statuses["neither variant"] += 1
            statuses[status] += 1

    began = time.monotonic()
    await asyncio.gather(*(client() for _ in range(connections)))
    return statuses, time.monotonic() - began


async def issue(port, viewers):
    connection = Connection(port)
    tokens = []
    for i in range(viewers):
        status, answer = await connection.request("/tokens", {"viewer": f"viewer {i}", "minutes": 60})
        assert status == 200, answer
        tokens.append(json.loads(answer)["token"])
    return tokens


async def main():
    parser = argparse.ArgumentParser()
    for name in ("nginx", "control", "viewers", "segments", "seconds", "connections"):
        parser.add_argument("--" + name, type=int, required=True)
    parser.add_argument("--nginx-pids", type=int, nargs="+", required=True)
    parser.add_argument("--launcher-pid", type=int, required=True)
    arguments = parser.parse_args()
    began = time.monotonic()
    tokens = await issue(arguments.control, arguments.viewers)
    print(f"{len(tokens)} tokens in {time.monotonic() - began:.1f} s")
    names = [f"{i:06d}.ts" for i in range(arguments.segments)]
    # As players ask: each for the playlist, then for a segment.
    checked = [f"/watch/{token}/{file}" for name in names for token in tokens for file in ("index.m3u8", name)]
    plain = [f"/plain/{variant}/{file}" for name in names for variant in "ab" for file in ("index.m3u8", name)]
    for what, paths in (("without tokens", plain), ("with tokens", checked)) * 2:
        before = cpu_seconds(arguments.nginx_pids), cpu_seconds([arguments.launcher_pid])
        statuses, took = await run(arguments.nginx, paths, arguments.seconds, arguments.connections)
        count = sum(statuses.values())
        nginx, launcher = (
            1e6 * (now - then) / count
            for now, then in zip((cpu_seconds(arguments.nginx_pids), cpu_seconds([arguments.launcher_pid])), before)
        )
        print(f"{what}: {count / took:.0f} requests/s, {dict(statuses)}, CPU of nginx {nginx:.0f} us, of steg-launch {launcher:.0f} us a request")


asyncio.run(main())

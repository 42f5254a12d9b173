"""The web server of the process tree: `python -m shudao.project.serve HOST PORT`."""

import sys

import uvicorn

from shudao.project.processes import die_with_parent

if __name__ == "__main__":
    die_with_parent()
    host, port = sys.argv[1], int(sys.argv[2])
    uvicorn.run("shudao.project.asgi:application", host=host, port=port, log_level="warning", lifespan="off")

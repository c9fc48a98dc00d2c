"""A wheel of the files that are here: setuptools alone also packs those that an earlier build left in `build/`."""

import shutil

from setuptools import setup
from setuptools.command.build import build


class FreshBuild(build):
    def run(self) -> None:
        shutil.rmtree(self.build_lib, ignore_errors=True)
        super().run()


setup(cmdclass={"build": FreshBuild})

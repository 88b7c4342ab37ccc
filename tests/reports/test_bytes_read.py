"""What was not read was not weighed: each report that a program reads says how much was."""

import json
from xml.etree import ElementTree

from tests.builders.runs import verdict
from weighbridge.policy.verdict import FileRecord, FileResult, Run
from weighbridge.reports import junit, sarif

FILES = (
    FileRecord("a.pt", ("zip",), 5000, 1200, FileResult.SUCCESS),
    FileRecord("b.npy", ("numpy",), 300, 300, FileResult.SUCCESS),
)


def test_sarif_sums_over_the_run():
    """In bytes, for whoever adds runs up."""
    run = Run((verdict("m")._replace(files=FILES), verdict("n")._replace(files=FILES[1:])))
    [told] = json.loads(sarif.render(run))["runs"]
    assert told["invocations"][0]["properties"] == {"bytesRead": 1800, "bytesTotal": 5600}


def test_junit_says_it_of_each_suite():
    """As a person reads it; a suite without files says nothing."""
    run = Run((verdict("m")._replace(files=FILES), verdict("n")._replace(files=())))
    suites = ElementTree.fromstring(junit.render(run))
    assert [[one.get("value") for one in suite.iter("property")] for suite in suites] == [["1.5 KB of 5.3 KB"], []]

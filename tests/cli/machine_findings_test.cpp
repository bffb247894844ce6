#include "cli/machine_findings.h"

#include "tests/support/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace ringmaker::cli {
namespace {

using testing::HasSubstr;

const Finding& finding(const Findings& findings, std::string_view topic, std::string_view name) {
  const auto found = std::find_if(findings.begin(), findings.end(), [&](const Finding& one) {
    return one.topic == topic && one.name == name;
  });
  static const Finding kNone{"none", "none", "none"};
  return found == findings.end() ? kNone : *found;
}

Findings machine(const config::ServeOptions& options, const std::string& cgroup) {
  Findings findings;
  find_machine(options, findings, cgroup);
  return findings;
}

config::ServeOptions epoll() {
  config::ServeOptions options;
  options.io = "epoll";
  return options;
}

TEST(MachineFindings, QuotaAndMemoryLimitOfEitherCgroupVersionAreTold) {
  const test::TemporaryDirectory v2;
  v2.write("cgroup.controllers", "cpu memory\n");
  v2.write("cpu.max", "50000 100000\n");
  v2.write("memory.max", "268435456\n");
  const Findings of_v2 = machine(epoll(), v2.path());
  EXPECT_EQ(finding(of_v2, "cpu", "cgroup").value, "v2");
  EXPECT_EQ(finding(of_v2, "cpu", "quota").value, "0.50 CPUs");
  EXPECT_EQ(finding(of_v2, "cpu", "shards").value, "1");
  EXPECT_EQ(finding(of_v2, "memory", "cgroup limit").value, "256 MiB");
  const test::TemporaryDirectory v1;
  v1.write("cpu/cpu.cfs_quota_us", "100000\n");
  v1.write("cpu/cpu.cfs_period_us", "100000\n");
  v1.write("memory/memory.limit_in_bytes", "9223372036854771712\n");
  const Findings of_v1 = machine(epoll(), v1.path());
  EXPECT_EQ(finding(of_v1, "cpu", "cgroup").value, "v1");
  EXPECT_EQ(finding(of_v1, "cpu", "quota").value, "1.00 CPUs");
  EXPECT_EQ(finding(of_v1, "memory", "cgroup limit").value, "none");
}

TEST(MachineFindings, MoreShardsThanCanRunAreNoted) {
  const test::TemporaryDirectory none;
  config::ServeOptions options = epoll();
  options.shards = 256;
  EXPECT_EQ(finding(machine(options, none.path()), "cpu", "shards").state, Finding::State::kNote);
  EXPECT_EQ(finding(machine(epoll(), none.path()), "cpu", "shards").state, Finding::State::kFine);
}

TEST(MachineFindings, TheBackendAndItsReasonAreTold) {
  const test::TemporaryDirectory none;
  const Findings findings = machine(epoll(), none.path());
  EXPECT_EQ(finding(findings, "io", "backend").value, "epoll (asked for)");
  EXPECT_NE(finding(findings, "io", "io_uring").value, "none") << "looked at all the same";
  EXPECT_THAT(finding(findings, "system", "kernel").value, HasSubstr("Linux"));
  EXPECT_THAT(finding(findings, "limits", "descriptors").value, HasSubstr("up to"));
}

TEST(RangesOf, NeighboursStandTogether) {
  EXPECT_EQ(ranges_of({}), "");
  EXPECT_EQ(ranges_of({3}), "3");
  EXPECT_EQ(ranges_of({0, 1, 2, 5, 7, 8}), "0-2,5,7-8");
}

}  // namespace
}  // namespace ringmaker::cli

// docker_to_ecr.sh with stand-ins for the AWS CLI, git and the engines, which write down how they
// were called and fail where a test wants them to.
#include "tests/support/program.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

namespace ringmaker {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::Not;

const std::string kImage = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/models/ringmaker:";

class DockerToEcr : public testing::Test {
 protected:
  void SetUp() override {
    fs::copy_file(fs::path(RINGMAKER_SOURCE_DIR) / "docker_to_ecr.sh",
                  project_.path("docker_to_ecr.sh"));
    project_.write("CMakeLists.txt", "project(ringmaker VERSION 1.2.3 LANGUAGES CXX)\n");
    tool("git", R"(case "$1" in rev-parse) echo 0123456789ab ;; esac)");
    tool("aws", R"(case "$*" in
  *get-caller-identity*) echo "${ACCOUNT:-123456789012}" ;;
  *get-login-password*) echo secret ;;
  *describe-repositories*) [ -z "${NO_REPOSITORY:-}" ] || { echo "$NO_REPOSITORY" >&2; exit 254; } ;;
esac)");
    tool("uname", "echo x86_64");
  }

  /// A program on PATH that notes its call; it fails when FAIL is the start of it.
  void tool(const std::string& name, const std::string& body) const {
    const std::string path = "bin/" + name;
    project_.write(path, fmt::format(R"(#!/bin/bash
call="{0} $*"
echo "$call" >> "$CALLS"
if [ -n "${{FAIL:-}}" ] && [[ $call == "$FAIL"* ]]; then echo "{0} says no" >&2; exit 1; fi
{1}
)",
                                     name, body));
    fs::permissions(project_.path(path), fs::perms::owner_all);
  }
  void engine(const std::string& name) const {
    // Images are lines of a file. A build that keeps its result to itself makes none.
    tool(name, R"(case "$1" in
  login) cat > "$CALLS.password" ;;
  build)
    if [ "$2" = --help ]; then echo "${BUILD_HELP:-}"; exit 0; fi
    while [ $# -gt 1 ]; do
      if [ "$1" = --tag ] && [ -z "${KEEPS_IMAGE:-}" ]; then echo "$2" >> "$CALLS.images"; fi
      shift
    done ;;
  tag) grep -Fxq "$2" "$CALLS.images" || { echo "no such image: $2" >&2; exit 1; }
    echo "$3" >> "$CALLS.images" ;;
  push) [ "$2" != --format ] || shift 2
    grep -Fxq "$2" "$CALLS.images" || { echo "no such image: $2" >&2; exit 1; } ;;
esac)");
  }

  struct Outcome {
    int code;
    std::string output;
    std::string errors;
    std::string calls;
  };
  Outcome run(const std::string& arguments, const std::string& variables = "") const {
    project_.write("calls", "");
    // Only the tools that the script may need come from the system.
    const std::string line = fmt::format(
        "cd {0} && env -i CALLS={0}/calls AWS_REGION=eu-west-1 {1} PATH={0}/bin:{0}/system bash "
        "./docker_to_ecr.sh {2} >out 2>err",
        project_.path(), variables, arguments);
    if (!project_.exists("system")) {
      fs::create_directory(project_.path("system"));
      for (const char* name : {"bash", "cat", "sed", "grep", "dirname"}) {
        const std::string found =
            fmt::format("ln -s $(command -v {}) {}/system/", name, project_.path());
        EXPECT_EQ(std::system(found.c_str()), 0);
      }
    }
    const int status = std::system(line.c_str());
    return {WEXITSTATUS(status), project_.read("out"), project_.read("err"),
            project_.read("calls")};
  }

  test::TemporaryDirectory project_;
};

TEST_F(DockerToEcr, TheImageIsBuiltAndPushedUnderVersionAndCommit) {
  for (const std::string engine_name : {"buildah", "podman", "docker"}) {
    engine(engine_name);  // the later ones are preferred
    const Outcome done = run("models/ringmaker");
    EXPECT_EQ(done.code, 0) << done.errors;
    EXPECT_EQ(done.output, kImage + "1.2.3-amd64\n");
    const std::string scheme = engine_name == "docker" ? "" : ".*docker://";
    EXPECT_THAT(done.calls,
                MatchesRegex(fmt::format(
                    ".*{0} login --username AWS --password-stdin [^ /]*\n.*{0} build "
                    "--platform linux/amd64 [^\n]*\n{0} tag ringmaker-build:[^\n]*\n{0} tag "
                    "[^\n]*\n{0} rmi "
                    "ringmaker-build:[^\n]*\n{0} push {1}[^\n]*ringmaker:0123456789ab-amd64\n{0} "
                    "push {1}[^\n]*ringmaker:1.2.3-amd64\n",
                    engine_name, scheme)));
    EXPECT_EQ(project_.read("calls.password"), "secret\n");
    EXPECT_THAT(done.calls, Not(HasSubstr("secret"))) << "a password is no argument";
    if (engine_name != "docker") {
      EXPECT_THAT(done.calls, AllOf(HasSubstr("--format docker"), HasSubstr("--format v2s2")));
    }
  }
}

TEST_F(DockerToEcr, AMissingRepositoryIsMade) {
  engine("docker");
  const Outcome done =
      run("models/ringmaker", "NO_REPOSITORY='An error occurred (RepositoryNotFoundException)'");
  EXPECT_EQ(done.code, 0) << done.errors;
  EXPECT_THAT(done.calls, HasSubstr("ecr create-repository --repository-name models/ringmaker"));
  EXPECT_THAT(run("models/ringmaker").calls, Not(HasSubstr("create-repository")));

  const Outcome denied = run("models/ringmaker", "NO_REPOSITORY='AccessDeniedException'");
  EXPECT_EQ(denied.code, 1);
  EXPECT_THAT(denied.errors, HasSubstr("models/ringmaker cannot be looked up: AccessDenied"));
  EXPECT_THAT(denied.calls, Not(HasSubstr("docker build")));
}

TEST_F(DockerToEcr, AFailedStepPushesNothingAndPrintsNoImage) {
  engine("docker");
  for (const std::string step :
       {"aws --region eu-west-1 sts", "aws --region eu-west-1 ecr get-login-password",
        "docker login", "docker build --platform", "docker tag", "docker push"}) {
    const Outcome failed = run("models/ringmaker", "FAIL='" + step + "'");
    EXPECT_EQ(failed.code, 1) << step;
    EXPECT_THAT(failed.output, IsEmpty()) << step;
    EXPECT_THAT(failed.errors, HasSubstr("says no")) << step;
    EXPECT_THAT(failed.errors, HasSubstr("docker_to_ecr.sh: ")) << step;
    EXPECT_THAT(failed.calls, Not(HasSubstr("1.2.3-amd64\ndocker push"))) << step;
    if (step != "docker push") {
      EXPECT_THAT(failed.calls, Not(HasSubstr("docker push"))) << step;
    }
  }
}

TEST_F(DockerToEcr, AnOldImageIsNeverPushedForTheOneThatWasBuilt) {
  engine("docker");
  EXPECT_EQ(run("models/ringmaker").code, 0);  // from now on there is one with the same tags
  const Outcome kept = run("models/ringmaker", "KEEPS_IMAGE=1");
  EXPECT_EQ(kept.code, 1);
  EXPECT_THAT(kept.output, IsEmpty());
  EXPECT_THAT(kept.errors, HasSubstr("left no image with docker; nothing was pushed"));
  EXPECT_THAT(kept.calls, Not(HasSubstr("docker push")));
}

TEST_F(DockerToEcr, ABuilderOfItsOwnIsToldToHandTheImageOver) {
  engine("docker");
  EXPECT_THAT(run("ab", "BUILD_HELP='--load --provenance'").calls,
              HasSubstr(" --provenance=false --load .\n"));
  const std::string old = run("ab", "BUILD_HELP=--tag").calls;
  EXPECT_THAT(old, AllOf(Not(HasSubstr("--load .")), Not(HasSubstr("--provenance="))));
}

TEST_F(DockerToEcr, ADryRunChangesNothing) {
  engine("podman");
  const Outcome done = run("models/ringmaker --dry-run --arch arm64");
  EXPECT_EQ(done.code, 0) << done.errors;
  EXPECT_EQ(done.output, kImage + "1.2.3-arm64\n");
  EXPECT_THAT(done.errors, AllOf(HasSubstr("+ podman build --platform linux/arm64"),
                                 HasSubstr("+ podman push --format v2s2")));
  EXPECT_THAT(done.calls, AllOf(Not(HasSubstr("podman")), Not(HasSubstr("ecr "))));
}

TEST_F(DockerToEcr, RegistryAndRegionAreTheCallers) {
  engine("docker");
  EXPECT_EQ(run("ab", "AWS_REGION=cn-north-1").output,
            "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/ab:1.2.3-amd64\n");
  const Outcome rehearsed =
      run("ab", "RINGMAKER_REGISTRY=127.0.0.1:5000 RINGMAKER_AWS_ENDPOINT=http://127.0.0.1:4566");
  EXPECT_EQ(rehearsed.output, "127.0.0.1:5000/ab:1.2.3-amd64\n");
  EXPECT_THAT(rehearsed.calls, HasSubstr("aws --endpoint-url http://127.0.0.1:4566 --region"));
  EXPECT_THAT(rehearsed.calls,
              HasSubstr("docker login --username AWS --password-stdin 127.0.0.1:5000"));
}

TEST_F(DockerToEcr, WhatIsNotCommittedIsSaidToBeSo) {
  engine("docker");
  tool("git",
       R"(case "$1" in rev-parse) echo 0123456789ab ;; status) echo " M src/main.cpp" ;; esac)");
  EXPECT_THAT(run("ab").calls, HasSubstr("docker push 123456789012.dkr.ecr.eu-west-1.amazonaws.com/"
                                         "ab:0123456789ab-changed-amd64\n"));
  tool("git", "exit 128");
  const Outcome lost = run("ab");
  EXPECT_EQ(lost.code, 1);
  EXPECT_THAT(lost.errors, HasSubstr("this is no git checkout"));
}

TEST_F(DockerToEcr, BadUseIsExplained) {
  engine("docker");
  struct Case {
    std::string arguments, variables;
    int code;
    std::string sentence;
  };
  const std::vector<Case> cases{
      {"", "", 2, "NAME, the repository, is missing"},
      {"Models", "", 2, "'Models' is no name of an ECR repository"},
      {"a..b", "", 2, "is no name of an ECR repository"},
      {"ab cd", "", 2, "one NAME is needed, not also 'cd'"},
      {"ab --arch mips", "", 2, "--arch is amd64 or arm64, not 'mips'"},
      {"ab --fast", "", 2, "unknown option --fast"},
      {"ab", "RINGMAKER_ENGINE=kaniko", 2, "RINGMAKER_ENGINE is docker, podman or buildah"},
      {"ab", "RINGMAKER_ENGINE=podman", 3, "podman is not installed"},
      {"ab", "AWS_REGION=", 2, "no region: set AWS_REGION"},
      {"ab", "ACCOUNT=nobody", 1, "AWS gave no account number but 'nobody'"},
  };
  for (const Case& c : cases) {
    const Outcome refused = run(c.arguments, c.variables);
    EXPECT_EQ(refused.code, c.code) << c.arguments << c.variables;
    EXPECT_THAT(refused.errors, HasSubstr(c.sentence));
    EXPECT_THAT(refused.output, IsEmpty());
    EXPECT_THAT(refused.calls, Not(HasSubstr("docker")));
  }
  fs::remove(project_.path("bin/docker"));
  const Outcome bare = run("ab");
  EXPECT_EQ(bare.code, 3);
  EXPECT_THAT(bare.errors, HasSubstr("none of docker, podman and buildah is installed"));
  fs::remove(project_.path("bin/aws"));
  EXPECT_THAT(run("ab", "RINGMAKER_ENGINE=docker").code, 3);
}

}  // namespace
}  // namespace ringmaker

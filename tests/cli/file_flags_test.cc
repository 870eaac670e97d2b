// SPDX-License-Identifier: Apache-2.0
#include "client/cli/file_flags.h"

#include <sstream>

#include "absl/strings/str_replace.h"
#include "client/cli/command_line.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace scamper::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

class FileFlagsTest : public testing::Test {
 protected:
  std::variant<CommandLine, ExitCode> Parse(const std::vector<std::string>& arguments) {
    return ParseCommandLine(arguments, "default:1", Console{in_, out_, err_});
  }

  template <typename Options>
  Options ParseTo(const std::vector<std::string>& arguments) {
    const auto parsed = Parse(arguments);
    if (!std::holds_alternative<CommandLine>(parsed)) {
      ADD_FAILURE() << err_.str();
      return {};
    }
    return std::get<Options>(std::get<FileOptions>(std::get<CommandLine>(parsed)));
  }

  // Expects a usage error; returns what was said.
  std::string Complaint(const std::vector<std::string>& arguments) {
    const auto parsed = Parse(arguments);
    EXPECT_TRUE(std::holds_alternative<ExitCode>(parsed) &&
                std::get<ExitCode>(parsed) == kUsageError);
    return err_.str();
  }

  std::istringstream in_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(FileFlagsTest, ConvertHasItsFlags) {
  const auto options = ParseTo<ConvertOptions>({"convert", "--local", "--from", "arts", "--to",
                                                "json.xz", "--types", "trace,7", "--recover",
                                                "--scamper-json", "--timeout", "5", "a", "b"});
  EXPECT_TRUE(options.local);
  EXPECT_TRUE(options.read.recover);
  EXPECT_FALSE(options.overwrite);
  EXPECT_EQ(options.read.kind, files::InputKind::kArts);
  EXPECT_THAT(options.read.types, UnorderedElementsAre(6, 7));
  EXPECT_EQ(options.to.format, files::Format::kJson);
  EXPECT_EQ(options.to.compression, io::Compression::kXz);
  EXPECT_TRUE(options.to.scamper_json);
  EXPECT_EQ(options.in, (Place{Place::Kind::kPath, "a"}));
  EXPECT_EQ(options.out, (Place{Place::Kind::kPath, "b"}));
  EXPECT_EQ(options.common.timeout, absl::Seconds(5));
  EXPECT_EQ(options.common.server, "default:1");
}

TEST_F(FileFlagsTest, APlaceIsAPathAStandardStreamOrInTheStore) {
  const auto options = ParseTo<CatOptions>({"--json", "cat", "-", "store:a", "./store:a"});
  EXPECT_THAT(options.files,
              ElementsAre(Place{Place::Kind::kStandard, ""}, Place{Place::Kind::kStore, "a"},
                          Place{Place::Kind::kPath, "./store:a"}));
  EXPECT_TRUE(options.common.json);
}

TEST_F(FileFlagsTest, TheOutputsNameSaysItsKindAndToSaysItFirst) {
  EXPECT_EQ(ParseTo<ConvertOptions>({"convert", "a", "store:b.txt.gz"}).to.format,
            files::Format::kText);
  const auto options = ParseTo<ConvertOptions>({"convert", "--to", "warts", "a", "b.txt.gz"});
  EXPECT_EQ(options.to.format, files::Format::kWarts);
  EXPECT_EQ(options.to.compression, io::Compression::kGzip);
}

TEST_F(FileFlagsTest, AnOutputOfUnknownKindNamesTheKinds) {
  EXPECT_THAT(Complaint({"convert", "a", "b.dat"}),
              testing::AllOf(HasSubstr("'b.dat'"), HasSubstr("--to: warts, json, text or protobuf"),
                             HasSubstr("scamper-grpc convert --help")));
  EXPECT_THAT(Complaint({"convert", "a", "-"}), HasSubstr("warts, json, text or protobuf"));
  EXPECT_THAT(Complaint({"convert", "--to", "csv", "a", "b"}),
              testing::AllOf(HasSubstr("--to"), HasSubstr("'csv'"), HasSubstr("json")));
}

TEST_F(FileFlagsTest, WrongValuesAreNamed) {
  EXPECT_THAT(Complaint({"convert", "--types", "pong,trace,foo", "a", "b.txt"}),
              HasSubstr("--types: no record type: 'pong', 'foo'"));
  EXPECT_THAT(Complaint({"cat", "--from", "json", "a"}),
              HasSubstr("--from: must be warts or arts"));
}

TEST_F(FileFlagsTest, FlagsThatDoNotGoTogetherAreRefused) {
  EXPECT_THAT(Complaint({"convert", "--scamper-json", "a", "b.txt"}), HasSubstr("--scamper-json"));
  EXPECT_THAT(Complaint({"convert", "--local", "store:a", "b.txt"}), HasSubstr("--local"));
  EXPECT_THAT(Complaint({"put", "store:a", "b"}), HasSubstr("FILE"));
  EXPECT_THAT(Complaint({"get", "a", "store:b"}), HasSubstr("OUT"));
}

TEST_F(FileFlagsTest, ArgumentsAreNeeded) {
  EXPECT_THAT(Complaint({"convert", "store:", "b.txt"}), HasSubstr("IN: has no name"));
  EXPECT_THAT(Complaint({"cat", ""}), HasSubstr("FILE: has no name"));
  EXPECT_THAT(Complaint({"convert", "a"}), HasSubstr("OUT"));
  EXPECT_THAT(Complaint({"cat"}), HasSubstr("FILE"));
  EXPECT_THAT(Complaint({"info"}), HasSubstr("FILE"));
  EXPECT_THAT(Complaint({"rm"}), HasSubstr("NAME"));
  EXPECT_THAT(Complaint({"put", "-"}), HasSubstr("NAME: say the name"));
}

TEST_F(FileFlagsTest, NamesInTheStoreHaveDefaults) {
  EXPECT_EQ(ParseTo<PutOptions>({"put", "/x/y/a.warts"}).name, "a.warts");
  EXPECT_EQ(ParseTo<PutOptions>({"put", "/x/a.warts", "store:b"}).name, "b");
  const auto get = ParseTo<GetOptions>({"get", "store:b"});
  EXPECT_EQ(get.name, "b");
  EXPECT_EQ(get.out, (Place{Place::Kind::kPath, "b"}));
  EXPECT_EQ(ParseTo<GetOptions>({"get", "b", "-"}).out.kind, Place::Kind::kStandard);
  EXPECT_THAT(ParseTo<RemoveOptions>({"rm", "a", "store:b"}).names, ElementsAre("a", "b"));
}

TEST_F(FileFlagsTest, TheHelpSaysTheExitCodes) {
  EXPECT_EQ(std::get<ExitCode>(Parse({"convert", "--help"})), kSuccess);
  const std::string unwrapped = absl::StrReplaceAll(out_.str(), {{"\n", " "}});
  EXPECT_THAT(unwrapped, HasSubstr("4 damage was left out"));
}

}  // namespace
}  // namespace scamper::cli

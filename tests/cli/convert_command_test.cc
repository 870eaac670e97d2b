// SPDX-License-Identifier: Apache-2.0
#include "client/cli/convert_command.h"

#include <sys/stat.h>

#include <algorithm>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/cli/fake_files.h"
#include "tests/cli/fake_server.h"
#include "tests/cli/files_testing.h"
#include "tests/cli/run_program.h"

namespace scamper::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

Ran Local(std::vector<std::string> arguments, const std::string& input = "") {
  arguments.insert(arguments.begin(), {"convert", "--local"});
  return RunCli("unix:/nonexistent/s", arguments, false, input);
}

// The recording with `count` bytes overwritten at `at`.
std::string Damaged(const std::string& name, size_t at, size_t count) {
  std::string file = Recording(name);
  return file.replace(at, count, count, '\xee');
}

TEST(ConvertHereTest, TheNamesSayWhatTheOutputIs) {
  const Folder folder;
  const std::string in = RecordingPath("ping.warts");
  for (const char* name : {"a.json", "a.txt", "a.warts", "a.warts.xz", "a.pb.bz2"}) {
    const Ran ran = Local({in, folder.Path(name)});
    EXPECT_EQ(ran.code, kSuccess) << ran.err;
    EXPECT_EQ(ran.out + ran.err, "");
  }
  EXPECT_EQ(Contents(folder.Path("a.txt")), Recording("ping.txt"));
  EXPECT_EQ(Contents(folder.Path("a.warts")), Recording("ping.warts"));
  const Ran back = Local({"--to", "warts", folder.Path("a.warts.xz"), "-"});
  EXPECT_EQ(back.out, Recording("ping.warts"));
}

TEST(ConvertHereTest, StandardInputToStandardOutput) {
  const Ran ran = Local({"--to", "json", "--scamper-json", "-", "-"}, Recording("trace.warts"));
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_EQ(ran.out, Recording("trace.json"));
  EXPECT_EQ(ran.err, "");
}

TEST(ConvertHereTest, ACompressionInTheNameHoldsWhereToSaysNone) {
  const Folder folder;
  const std::string out = folder.Path("out.gz");
  ASSERT_EQ(Local({"--to", "text", RecordingPath("ping.warts"), out}).code, kSuccess);
  EXPECT_EQ(Contents(out).substr(0, 2), "\x1f\x8b");
}

TEST(ConvertHereTest, TypesAreChosenByNameAndNumber) {
  const Ran ran = Local({"--to", "json", "--types", "trace", "--types", "2,cycle-stop",
                         RecordingPath("trace.warts"), "-"});
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("\"type\":\"trace\""));
  EXPECT_EQ(Local({"--to", "json", "--types", "ping", RecordingPath("trace.warts"), "-"}).out, "");
}

TEST(ConvertHereTest, TheInputMayBeTheOutput) {
  const Folder folder;
  const std::string file = folder.Put("a.warts", Recording("ping.warts"));
  const Ran ran = Local({"--to", "text", file, file});
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_EQ(Contents(file), Recording("ping.txt"));
  EXPECT_THAT(folder.Names(), ElementsAre("a.warts"));
}

TEST(ConvertHereTest, AFileThatIsReplacedKeepsItsPermissionsAndItsLinks) {
  const Folder folder;
  const std::string file = folder.Put("real.txt", "old");
  chmod(file.c_str(), 0640);
  std::filesystem::create_symlink("real.txt", folder.Path("link.txt"));
  ASSERT_EQ(Local({RecordingPath("ping.warts"), folder.Path("link.txt")}).code, kSuccess);
  EXPECT_TRUE(std::filesystem::is_symlink(folder.Path("link.txt")));
  EXPECT_EQ(Contents(file), Recording("ping.txt"));
  struct stat now;
  ASSERT_EQ(stat(file.c_str(), &now), 0);
  EXPECT_EQ(now.st_mode & 0777, 0640u);
}

TEST(ConvertHereTest, WhatIsNoRegularFileIsWrittenAsItIs) {
  EXPECT_EQ(Local({"--to", "text", RecordingPath("ping.warts"), "/dev/null"}).code, kSuccess);
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST(ConvertHereTest, OfATruncatedFileAllWholeRecordsAreDelivered) {
  const Folder folder;
  const std::string in = folder.Put("in", Recording("ping.warts").substr(0, 1500));
  const Ran ran = Local({in, folder.Path("out.txt")});
  EXPECT_EQ(ran.code, kTaskFailed);
  EXPECT_THAT(ran.err, MatchesRegex("scamper-grpc: .*/in: .*byte [0-9]+.*record [0-9]+.*\n"));
  const std::string got = Contents(folder.Path("out.txt"));
  EXPECT_FALSE(got.empty());
  EXPECT_EQ(got, Recording("ping.txt").substr(0, got.size()));
}

TEST(ConvertHereTest, ATruncatedCompressionDeliversWhatPrecedes) {
  const std::string zipped = Gzipped(Recording("ping.warts"));
  const Ran ran = Local({"--to", "text", "-", "-"}, zipped.substr(0, zipped.size() / 2));
  EXPECT_EQ(ran.code, kTaskFailed);
  EXPECT_THAT(ran.err, HasSubstr("scamper-grpc: standard input: "));
  EXPECT_FALSE(ran.out.empty());
  EXPECT_EQ(ran.out, Recording("ping.txt").substr(0, ran.out.size()));
}

TEST(ConvertHereTest, RecoveryReportsWhatItLeavesOut) {
  const Ran ran = Local({"--recover", "--to", "text", "-", "-"}, Damaged("ping.warts", 600, 20));
  EXPECT_EQ(ran.code, kDamageLeftOut);
  EXPECT_THAT(ran.err, HasSubstr("standard input: left out "));
  EXPECT_THAT(ran.err, HasSubstr("standard input: left out 1 region, "));
  EXPECT_THAT(ran.out, HasSubstr("ping statistics"));
}

TEST(ConvertHereTest, RecoveryOfAWholeFileIsSilent) {
  const Ran ran = Local({"--recover", "--to", "text", RecordingPath("ping.warts"), "-"});
  EXPECT_EQ(ran.code, kSuccess);
  EXPECT_EQ(ran.err, "");
}

TEST(ConvertHereTest, OfAnInputOfNoKindNothingAppears) {
  const Folder folder;
  const Ran ran = Local({folder.Put("in", "no records"), folder.Path("out.txt")});
  EXPECT_EQ(ran.code, kTaskFailed);
  EXPECT_THAT(ran.err, HasSubstr("/in: the input is of no known kind"));
  EXPECT_THAT(folder.Names(), ElementsAre("in"));
}

TEST(ConvertHereTest, AnInputThatIsNotThereIsNamedAndNothingAppears) {
  const Folder folder;
  const Ran ran = Local({folder.Path("none"), folder.Path("out.txt")});
  EXPECT_EQ(ran.code, kTaskFailed);
  EXPECT_THAT(ran.err, HasSubstr("cannot open " + folder.Path("none") + ": No such file"));
  EXPECT_THAT(folder.Names(), IsEmpty());
}

TEST(ConvertHereTest, AFolderIsNoInputAndNoOutput) {
  const Folder folder;
  EXPECT_THAT(Local({"--to", "text", folder.Path(""), "-"}).err, HasSubstr("Is a directory"));
  EXPECT_THAT(Local({"--to", "text", RecordingPath("ping.warts"), folder.Path("")}).err,
              HasSubstr("Is a directory"));
}

TEST(ConvertHereTest, AnOutputThatCannotBeMadeIsNamed) {
  const Ran ran = Local({RecordingPath("ping.warts"), "/nonexistent/out.txt"});
  EXPECT_EQ(ran.code, kTaskFailed);
  EXPECT_THAT(ran.err, HasSubstr("cannot write /nonexistent/out.txt: No such file"));
}

TEST(ConvertHereTest, AFullDeviceIsSaid) {
  const Ran ran = Local({"--to", "text", RecordingPath("ping.warts"), "/dev/full"});
  EXPECT_EQ(ran.code, kTaskFailed);
  EXPECT_THAT(ran.err, HasSubstr("No space left"));
}

TEST(ConvertHereTest, TheTimeoutEndsAConversionOfAPipe) {
  const Folder folder;
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  const int code =
      RunProgram({"convert", "--local", "--timeout", "10ms", "-", folder.Path("out.txt")}, "",
                 Console{in, out, err, false, ends[0], STDOUT_FILENO}, nullptr);
  close(ends[0]);
  close(ends[1]);
  EXPECT_EQ(code, kTaskFailed);
  EXPECT_EQ(err.str(),
            "scamper-grpc: standard input: byte 0, record 0: not done within --timeout\n");
  EXPECT_THAT(folder.Names(), IsEmpty());
}

TEST(ConvertAtServerTest, TheOptionsAndTheBytesReachTheServerAndComeBack) {
  FakeFiles server;
  const Folder folder;
  const std::string bytes(3'000'000, 'x');
  const Ran ran = RunCli(
      server.address(), {"convert", "--from", "arts", "--types", "trace", "--recover", "--to",
                         "json.gz", "--scamper-json", folder.Put("in", bytes), folder.Path("out")});
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_EQ(ran.out + ran.err, "");
  EXPECT_EQ(server.sent(), bytes);
  EXPECT_TRUE(server.ended());
  EXPECT_EQ(Contents(folder.Path("out")), bytes);
  const v1::ConvertOptions options = server.options();
  EXPECT_EQ(options.input().kind(), v1::INPUT_KIND_ARTS);
  EXPECT_THAT(options.input().filter_types(), ElementsAre(6));
  EXPECT_TRUE(options.input().recover());
  EXPECT_EQ(options.input().file(), "");
  EXPECT_EQ(options.output().format(), v1::OUTPUT_FORMAT_JSON);
  EXPECT_EQ(options.output().compression(), v1::COMPRESSION_GZIP);
  EXPECT_TRUE(options.output().scamper_json());
  EXPECT_EQ(options.output().file(), "");
}

TEST(ConvertAtServerTest, AnAnswerThatIsLargerThanTheInputDoesNotBlockIt) {
  FakeFiles server;
  server.convert = [](grpc::ServerContext*, FakeFiles::ConvertStream* stream) {
    v1::ConvertRequest request;
    for (int i = 0; i < 100; ++i) stream->Write(Chunk(std::string(500'000, 'a')));
    while (stream->Read(&request)) {
    }
    return grpc::Status::OK;
  };
  const Ran ran = RunCli(server.address(), {"convert", "--to", "text", "-", "-"}, false,
                         std::string(20'000'000, 'x'));
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_EQ(ran.out.size(), 50'000'000u);
}

TEST(ConvertAtServerTest, PlacesInTheStoreAreNamedAndHaveNoChunks) {
  FakeFiles server;
  const Ran ran =
      RunCli(server.address(), {"convert", "--overwrite", "store:a.warts", "store:b.json.xz"});
  EXPECT_EQ(ran.code, kSuccess) << ran.err;
  EXPECT_EQ(server.options().input().file(), "a.warts");
  EXPECT_EQ(server.options().output().file(), "b.json.xz");
  EXPECT_EQ(server.options().output().format(), v1::OUTPUT_FORMAT_JSON);
  EXPECT_EQ(server.options().output().compression(), v1::COMPRESSION_XZ);
  EXPECT_TRUE(server.options().output().overwrite());
  EXPECT_EQ(server.sent(), "");
}

// Answers with a chunk, and ends so.
std::function<grpc::Status(grpc::ServerContext*, FakeFiles::ConvertStream*)> EndWith(
    const grpc::Status& status) {
  return [status](grpc::ServerContext*, FakeFiles::ConvertStream* stream) {
    stream->Write(Chunk("part"));
    return status;
  };
}

TEST(ConvertAtServerTest, OfADamagedInputWhatPrecedesIsDelivered) {
  FakeFiles server;
  server.convert = EndWith(grpc::Status(grpc::StatusCode::DATA_LOSS, "byte 7, record 1: cut"));
  const Folder folder;
  const Ran ran =
      RunCli(server.address(), {"convert", folder.Put("in", "x"), folder.Path("o.txt")});
  EXPECT_EQ(ran.code, kTaskFailed);
  EXPECT_EQ(ran.err, "scamper-grpc: " + folder.Path("in") + ": byte 7, record 1: cut\n");
  EXPECT_EQ(Contents(folder.Path("o.txt")), "part");
}

TEST(ConvertAtServerTest, OfAnInputOfNoKindNothingAppears) {
  FakeFiles server;
  server.convert = [](grpc::ServerContext*, FakeFiles::ConvertStream*) {
    return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "of no known kind");
  };
  const Folder folder;
  const Ran ran =
      RunCli(server.address(), {"convert", folder.Put("in", "x"), folder.Path("o.txt")});
  EXPECT_EQ(ran.code, kTaskFailed);
  EXPECT_EQ(ran.err, "scamper-grpc: " + folder.Path("in") + ": of no known kind\n");
  EXPECT_THAT(folder.Names(), ElementsAre("in"));
}

TEST(ConvertAtServerTest, ViolationsNameTheArguments) {
  FakeFiles server;
  server.convert = [](grpc::ServerContext*, FakeFiles::ConvertStream*) {
    return BadRequest({{"options.input.file", "must be a name"},
                       {"options.output.file", "must be a name as well"}});
  };
  const Ran ran = RunCli(server.address(), {"convert", "store:a/b", "store:/c.txt"});
  EXPECT_EQ(ran.code, kUsageError);
  EXPECT_EQ(ran.err,
            "scamper-grpc: IN: must be a name\nscamper-grpc: OUT: must be a name as well\n");
}

TEST(ConvertAtServerTest, AnyOtherErrorLeavesNoFile) {
  FakeFiles server;
  server.convert = EndWith(grpc::Status(grpc::StatusCode::UNAVAILABLE, "shutting down"));
  const Folder folder;
  const Ran ran =
      RunCli(server.address(), {"convert", folder.Put("in", "x"), folder.Path("o.txt")});
  EXPECT_EQ(ran.code, kRpcFailed);
  EXPECT_EQ(ran.err, "scamper-grpc: shutting down\n");
  EXPECT_THAT(folder.Names(), ElementsAre("in"));
}

TEST(ConvertAtServerTest, WhatRecoveryLeavesOutIsReported) {
  FakeFiles server;
  server.convert = [](grpc::ServerContext*, FakeFiles::ConvertStream* stream) {
    v1::ConvertResponse response;
    response.mutable_skipped()->set_offset(5);
    response.mutable_skipped()->set_length(12);
    response.mutable_skipped()->set_reason("expected a header");
    stream->Write(response);
    response.mutable_summary()->set_regions_skipped(1);
    response.mutable_summary()->set_bytes_skipped(12);
    stream->Write(response);
    return grpc::Status::OK;
  };
  const Ran ran = RunCli(server.address(), {"convert", "--recover", "--to", "text", "-", "-"});
  EXPECT_EQ(ran.code, kDamageLeftOut);
  EXPECT_EQ(ran.err,
            "scamper-grpc: standard input: left out 12 bytes at byte 5: expected a header\n"
            "scamper-grpc: standard input: left out 1 region, 12 bytes\n");
}

TEST(ConvertAtServerTest, AServerThatEndsTheCallEndsTheWaitForInput) {
  FakeFiles server;
  server.convert = EndWith(grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "too many calls"));
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  std::istringstream in;
  std::ostringstream out;
  std::ostringstream err;
  const MemoryFile out_file;
  const int code = RunProgram({"convert", "--to", "text", "-", "-"}, server.address(),
                              Console{in, out, err, false, ends[0], out_file.fd()}, nullptr);
  close(ends[0]);
  close(ends[1]);
  EXPECT_EQ(code, kRpcFailed);
  EXPECT_EQ(err.str(), "scamper-grpc: too many calls\n");
}

TEST(ConvertAtServerTest, AnInputThatCannotBeReadEndsTheCall) {
  FakeFiles server;
  const Ran ran = RunCli(server.address(), {"convert", "--to", "text", "/proc/self/mem", "-"});
  EXPECT_EQ(ran.code, kTaskFailed);
  EXPECT_THAT(ran.err, HasSubstr("/proc/self/mem"));
}

TEST(ConvertAtServerTest, AnOutputThatCannotBeWrittenEndsTheCall) {
  FakeFiles server;
  const Ran ran = RunCli(server.address(), {"convert", "--to", "text", "-", "/dev/full"}, false,
                         std::string(5'000'000, 'x'));
  EXPECT_EQ(ran.code, kTaskFailed);
  EXPECT_THAT(ran.err, HasSubstr("/dev/full: No space left"));
}

TEST(ConvertAtServerTest, AServerThatIsNotThereIsNamed) {
  const Ran ran = RunCli("unix:/nonexistent/s", {"convert", "--to", "text", "-", "-"});
  EXPECT_EQ(ran.code, kRpcFailed);
  EXPECT_THAT(ran.err, HasSubstr("cannot reach scamper-grpc-server at unix:/nonexistent/s"));
}

}  // namespace
}  // namespace scamper::cli

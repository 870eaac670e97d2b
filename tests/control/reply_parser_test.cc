// SPDX-License-Identifier: Apache-2.0
#include "server/control/reply_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/control/golden_sessions.h"
#include "tests/fakes/recording.h"
#include "tests/fakes/uuencode.h"

namespace scamper::control {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const char kRecord[] = "\x12\x05\x00\x07\x00\x00\x00\x02xy";
std::string Record() { return std::string(kRecord, sizeof kRecord - 1); }

// All whole replies that are there; the error ends them.
std::vector<Reply> Drain(ReplyParser& parser, absl::Status* error = nullptr) {
  std::vector<Reply> replies;
  while (true) {
    auto reply = parser.Next();
    if (!reply.ok()) {
      if (error != nullptr) *error = reply.status();
      EXPECT_NE(error, nullptr) << reply.status();
      return replies;
    }
    if (!reply->has_value()) return replies;
    replies.push_back(**std::move(reply));
  }
}

std::vector<std::string> Lines(absl::string_view bytes) {
  ReplyParser parser;
  parser.Feed(bytes);
  std::vector<std::string> lines;
  for (const Reply& reply : Drain(parser)) lines.push_back(Describe(reply));
  return lines;
}

TEST(ReplyParserTest, EveryKindOfReplyIsUnderstood) {
  ReplyParser parser;
  parser.Feed(
      absl::StrCat("OK\nOK version 20211212b\nOK monitorname a b  c\nOK null monitorname\nOK id-7\n"
                   "OK halted 7\nERR command not accepted: x\nINFO name 'a'\nMORE\n",
                   DataReply(Record(), ""), DataReply(Record(), " id-4294967295"),
                   DataReply(Record(), " id-3 inprog")));
  const std::vector<Reply> r = Drain(parser);
  ASSERT_EQ(r.size(), 12u);
  EXPECT_EQ(r[0].kind, ReplyKind::kOk);
  EXPECT_EQ(r[1].kind, ReplyKind::kValue);
  EXPECT_EQ(r[1].name, "version");
  EXPECT_EQ(r[1].text, "20211212b");
  EXPECT_EQ(r[2].text, "a b  c");
  EXPECT_EQ(r[3].kind, ReplyKind::kNull);
  EXPECT_EQ(r[3].name, "monitorname");
  EXPECT_EQ(r[4].kind, ReplyKind::kAccepted);
  EXPECT_EQ(r[4].id, 7u);
  EXPECT_EQ(r[5].kind, ReplyKind::kHalted);
  EXPECT_EQ(r[5].id, 7u);
  EXPECT_EQ(r[6].kind, ReplyKind::kErr);
  EXPECT_EQ(r[6].text, "command not accepted: x");
  EXPECT_EQ(r[7].kind, ReplyKind::kInfo);
  EXPECT_EQ(r[7].text, "name 'a'");
  EXPECT_EQ(r[8].kind, ReplyKind::kMore);
  EXPECT_EQ(r[9].kind, ReplyKind::kData);
  EXPECT_EQ(r[9].id, std::nullopt);
  EXPECT_EQ(r[9].record, Record());
  EXPECT_EQ(r[10].id, 4294967295u);
  EXPECT_FALSE(r[10].in_progress);
  EXPECT_EQ(r[11].id, 3u);
  EXPECT_TRUE(r[11].in_progress);
  EXPECT_TRUE(parser.AtBoundary());
}

// scamper prints the id of OK as a signed number and that of DATA as an unsigned one.
TEST(ReplyParserTest, NegativeIdIsTheUnsignedOne) {
  EXPECT_THAT(Lines("OK id--1\nOK id--2147483648\nOK id-2147483647\nOK halted -2\n"),
              ElementsAre("OK id-4294967295", "OK id-2147483648", "OK id-2147483647",
                          "OK halted 4294967294"));
}

TEST(ReplyParserTest, UnfinishedSaysWhatIsCutOff) {
  ReplyParser parser;
  EXPECT_TRUE(parser.AtBoundary());
  parser.Feed("OK\nMO");
  Drain(parser);
  EXPECT_FALSE(parser.AtBoundary());
  EXPECT_EQ(parser.Unfinished(), "a line after 2 bytes");
  parser.Feed("RE\nDATA 28 id-1\n");
  Drain(parser);
  EXPECT_FALSE(parser.AtBoundary());
  EXPECT_EQ(parser.Unfinished(), "a DATA payload after 0 of 28 bytes");
}

struct Malformed {
  const char* name;
  std::string bytes;
  const char* expected;
};

class ReplyParserMalformedTest : public testing::TestWithParam<Malformed> {};

// The damage follows "OK\n", hence byte 3.
TEST_P(ReplyParserMalformedTest, IsAnErrorWithOffsetAndExpectation) {
  ReplyParser parser;
  parser.Feed("OK\n" + GetParam().bytes);
  absl::Status error;
  EXPECT_EQ(Drain(parser, &error).size(), 1u);
  EXPECT_EQ(error.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(std::string(error.message()),
              AllOf(HasSubstr("byte 3: expected "), HasSubstr(GetParam().expected)));
  parser.Feed("OK\n");
  EXPECT_EQ(parser.Next().status(), error) << "the error must stay";
}

INSTANTIATE_TEST_SUITE_P(
    All, ReplyParserMalformedTest,
    testing::Values(
        Malformed{"EmptyLine", "\n", "OK, ERR, INFO, MORE or DATA, got ''"},
        Malformed{"LowerCase", "ok\n", "got 'ok'"},
        Malformed{"OtherProtocol", "HTTP/1.1 400 Bad Request\r\n", "HTTP/1.1 400 Bad Request\\r"},
        Malformed{"Unprintable", "\x15\x03\x01\n", "\\x15\\x03\\x01"},
        Malformed{"MoreWithTail", "MORE 1\n", "OK, ERR, INFO, MORE or DATA"},
        Malformed{"OkSpace", "OK \n", "a name"},
        Malformed{"NullWithoutName", "OK null\n", "a name"},
        Malformed{"IdWithoutNumber", "OK id-\n", "task number"},
        Malformed{"IdZero", "OK id-0\n", "task number"},
        Malformed{"IdTooBig", "OK id-4294967296\n", "task number"},
        Malformed{"IdTooSmall", "OK id--2147483649\n", "task number"},
        Malformed{"IdPlus", "OK id-+1\n", "task number"},
        Malformed{"IdTail", "OK id-1x\n", "task number"},
        Malformed{"IdHuge", "OK id-99999999999999999999999\n", "task number"},
        Malformed{"HaltedWithoutNumber", "OK halted\n", "task number"},
        Malformed{"DataWithoutLength", "DATA \n", "a length"},
        Malformed{"DataNegative", "DATA -60\n", "a length"},
        Malformed{"DataWord", "DATA x\n", "a length"},
        Malformed{"DataHexLength", "DATA 0x3c\n", "a length"},
        Malformed{"DataTwoSpaces", "DATA 60  id-1\n", "'id-'"},
        Malformed{"DataBadWord", "DATA 60 1\n", "'id-'"},
        Malformed{"DataIdZero", "DATA 60 id-0\n", "task number"},
        Malformed{"DataBadTail", "DATA 60 id-1 done\n", "task number"},
        Malformed{"DataZero", "DATA 0\n", "uuencoded"},
        Malformed{"DataNoUuLength", "DATA 61\n", "uuencoded"},
        Malformed{"DataTooBig", "DATA 268435458\n", "at most 268435456"},
        Malformed{"DataOverflow", "DATA 18446744073709551616\n", "a length"},
        Malformed{"LineTooLong", "ERR " + std::string(70000, 'x'), "a line of at most"}),
    [](const auto& test) { return test.param.name; });

TEST(ReplyParserTest, PayloadThatIsNotOneWholeRecordIsAnError) {
  std::string wrong_magic = Record(), too_long = Record() + "z", too_short = Record();
  wrong_magic[0] = '\x13';
  too_short.pop_back();
  for (const std::string& record : {wrong_magic, too_long, too_short}) {
    ReplyParser parser;
    parser.Feed(DataReply(record, ""));
    absl::Status error;
    EXPECT_TRUE(Drain(parser, &error).empty());
    EXPECT_THAT(std::string(error.message()),
                HasSubstr("byte 8: expected a payload of one whole warts record"));
  }
}

TEST(ReplyParserTest, DamagedPayloadIsAnErrorAtTheByteOfTheConnection) {
  std::string bytes = "MORE\n" + DataReply(Record(), " id-1");
  const size_t payload = bytes.find('\n', 5) + 1;
  bytes[payload + 2] = 'q';
  ReplyParser parser;
  parser.Feed(bytes);
  absl::Status error;
  EXPECT_EQ(Drain(parser, &error).size(), 1u);
  EXPECT_THAT(std::string(error.message()), HasSubstr(absl::StrCat("byte ", payload + 2, ":")));
}

class ReplyParserGoldenTest : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    const auto recording = LoadRecording(GetParam() + ".session.json");
    ASSERT_TRUE(recording.ok()) << recording.status();
    stream_ = recording->Received();
    warts_ = ReadFile(GetParam() + ".warts");
    ASSERT_FALSE(stream_.empty());
    ASSERT_FALSE(warts_.empty());
  }

  static std::string Records(const std::vector<Reply>& replies) {
    std::string out;
    for (const Reply& reply : replies) out += reply.record;
    return out;
  }

  std::string stream_, warts_;
};

TEST_P(ReplyParserGoldenTest, FedWholeGivesTheRecordsOfTheFile) {
  ReplyParser parser;
  parser.Feed(stream_);
  EXPECT_EQ(Records(Drain(parser)), warts_);
  EXPECT_TRUE(parser.AtBoundary());
}

TEST_P(ReplyParserGoldenTest, FedByteByByteGivesTheRecordsOfTheFile) {
  ReplyParser parser;
  std::string records;
  for (const char c : stream_) {
    parser.Feed(absl::string_view(&c, 1));
    records += Records(Drain(parser));
  }
  EXPECT_EQ(records, warts_);
  EXPECT_TRUE(parser.AtBoundary());
}

TEST_P(ReplyParserGoldenTest, EncodingTheRecordsAgainGivesTheBytesOfTheDaemon) {
  ReplyParser parser;
  parser.Feed(stream_);
  for (const Reply& reply : Drain(parser)) {
    if (reply.kind != ReplyKind::kData) continue;
    EXPECT_NE(stream_.find(UuEncode(reply.record)), std::string::npos);
  }
}

INSTANTIATE_TEST_SUITE_P(All, ReplyParserGoldenTest, testing::ValuesIn(GoldenSessions()),
                         [](const auto& test) { return GoldenName(test.param); });

TEST(ReplyParserSplitTest, SplitAtAnyByteGivesTheSame) {
  const std::string path = SCAMPER_TESTDATA "/sessions/scamper-20260420/udpprobe";
  const auto recording = LoadRecording(path + ".session.json");
  ASSERT_TRUE(recording.ok()) << recording.status();
  const std::string stream = recording->Received(), warts = ReadFile(path + ".warts");
  for (size_t at = 0; at <= stream.size(); ++at) {
    ReplyParser parser;
    std::string records;
    for (const std::string& part : {stream.substr(0, at), stream.substr(at)}) {
      parser.Feed(part);
      for (const Reply& reply : Drain(parser)) records += reply.record;
    }
    ASSERT_EQ(records, warts) << "split at " << at;
  }
}

// The parser takes one spelling of each reply only.
TEST(ReplyParserDamageTest, NoChangedByteGoesUnnoticed) {
  const auto recording =
      LoadRecording(SCAMPER_TESTDATA "/sessions/scamper-20260420/udpprobe.session.json");
  ASSERT_TRUE(recording.ok()) << recording.status();
  const std::string stream = recording->Received();
  const auto parse = [](const std::string& bytes) {
    ReplyParser parser;
    parser.Feed(bytes);
    std::string out;
    absl::Status error;
    for (const Reply& reply : Drain(parser, &error)) {
      absl::StrAppend(&out, Describe(reply), "\n", reply.record);
    }
    return absl::StrCat(out, error.ToString(), parser.AtBoundary());
  };
  const std::string whole = parse(stream);
  for (size_t at = 0; at < stream.size(); ++at) {
    for (const int flip : {0x01, 0x02, 0x10, 0x20, 0x80}) {
      std::string damaged = stream;
      damaged[at] = static_cast<char>(damaged[at] ^ flip);
      ASSERT_NE(parse(damaged), whole) << "byte " << at << " flipped by " << flip;
    }
  }
}

}  // namespace
}  // namespace scamper::control

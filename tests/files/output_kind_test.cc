// SPDX-License-Identifier: Apache-2.0
#include "server/files/output_kind.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace scamper::files {
namespace {

using io::Compression;
using testing::HasSubstr;

void ExpectKind(const absl::StatusOr<OutputKind>& kind, Format format, Compression compression) {
  ASSERT_TRUE(kind.ok()) << kind.status();
  EXPECT_EQ(kind->format, format);
  EXPECT_EQ(kind->compression, compression);
}

TEST(OutputKindTest, KindsAreAFormatAndACompression) {
  ExpectKind(ParseOutputKind("warts"), Format::kWarts, Compression::kNone);
  ExpectKind(ParseOutputKind("warts.gz"), Format::kWarts, Compression::kGzip);
  ExpectKind(ParseOutputKind("JSON.bz2"), Format::kJson, Compression::kBzip2);
  ExpectKind(ParseOutputKind("text.XZ"), Format::kText, Compression::kXz);
  ExpectKind(ParseOutputKind("protobuf"), Format::kProtobuf, Compression::kNone);
}

TEST(OutputKindTest, KindThatIsNoneIsNamedWithThoseThereAre) {
  for (const char* kind : {"", "wart", "arts", ".warts", "gz", ".gz", "json.gz.gz", "json.zip"}) {
    const auto status = ParseOutputKind(kind).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << kind;
    EXPECT_THAT(std::string(status.message()), HasSubstr(absl::StrCat("'", kind, "'")));
    EXPECT_THAT(std::string(status.message()), HasSubstr("warts, json, text or protobuf"));
  }
}

TEST(OutputKindTest, NamesTellTheirKind) {
  ExpectKind(OutputKindOfName("a.warts"), Format::kWarts, Compression::kNone);
  ExpectKind(OutputKindOfName("/d.json/a.b.WARTS.GZ"), Format::kWarts, Compression::kGzip);
  ExpectKind(OutputKindOfName("a.json.bz2"), Format::kJson, Compression::kBzip2);
  ExpectKind(OutputKindOfName("a.jsonl"), Format::kJson, Compression::kNone);
  ExpectKind(OutputKindOfName("a.ndjson"), Format::kJson, Compression::kNone);
  ExpectKind(OutputKindOfName("a.txt.xz"), Format::kText, Compression::kXz);
  ExpectKind(OutputKindOfName("a.text"), Format::kText, Compression::kNone);
  ExpectKind(OutputKindOfName("a.pb"), Format::kProtobuf, Compression::kNone);
}

TEST(OutputKindTest, NameThatDoesNotTellIsAnError) {
  for (const char* name : {"", "warts", "a.gz", "a.warts.zip", "-", "json"}) {
    EXPECT_EQ(OutputKindOfName(name).status().code(), absl::StatusCode::kInvalidArgument) << name;
  }
}

}  // namespace
}  // namespace scamper::files

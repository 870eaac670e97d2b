// SPDX-License-Identifier: Apache-2.0
#include "client/cli/record_types.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "scamper/v1/record.pb.h"

namespace scamper::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

TEST(RecordTypesTest, EveryKindOfRecordHasAName) {
  const auto* kinds = v1::Record::descriptor()->FindOneofByName("kind");
  for (int i = 0; i < kinds->field_count(); ++i) {
    if (kinds->field(i)->number() == v1::Record::kUnknown) continue;
    const auto type = static_cast<uint32_t>(kinds->field(i)->number());
    const auto types = ParseRecordTypes({RecordTypeName(type)});
    ASSERT_TRUE(types.ok()) << types.status();
    EXPECT_THAT(*types, UnorderedElementsAre(type));
  }
  EXPECT_EQ(RecordTypeName(6), "trace");
  EXPECT_EQ(RecordTypeName(2), "cycle-start");
}

TEST(RecordTypesTest, ATypeThatIsNotKnownIsANumber) {
  EXPECT_EQ(RecordTypeName(42), "type-42");
  EXPECT_EQ(RecordTypeName(v1::Record::kUnknown), "type-100");
}

TEST(RecordTypesTest, NamesAndNumbersMix) {
  EXPECT_THAT(*ParseRecordTypes({"trace", "7", "Cycle_Start", "trace", "65535"}),
              UnorderedElementsAre(6, 7, 2, 65535));
}

TEST(RecordTypesTest, EveryWrongItemIsNamedAndWhatThereIs) {
  const auto types = ParseRecordTypes({"pong", "ping", "0", "65536", "unknown"});
  ASSERT_TRUE(absl::IsInvalidArgument(types.status()));
  const std::string message(types.status().message());
  EXPECT_THAT(message, HasSubstr("'pong', '0', '65536', 'unknown'"));
  EXPECT_THAT(message, HasSubstr("trace (6), ping (7)"));
}

TEST(RecordTypesTest, AnEmptyListIsWrong) {
  EXPECT_TRUE(absl::IsInvalidArgument(ParseRecordTypes({}).status()));
}

}  // namespace
}  // namespace scamper::cli

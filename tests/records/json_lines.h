// SPDX-License-Identifier: Apache-2.0
// JSON lines of recorded files.
#pragma once

#include <ctime>
#include <map>
#include <string>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "server/records/json.h"
#include "tests/records/records_testing.h"

namespace scamper::records {

// Local times are in UTC.
inline void UseUtc() {
  setenv("TZ", "UTC", 1);
  tzset();
}

// The number of the field of the record's message; 0 where it has none.
inline uint32_t NumberOf(const v1::Record& record, const std::string& field) {
  const auto* oneof = v1::Record::descriptor()->FindOneofByName("kind");
  const auto* kind = record.GetReflection()->GetOneofFieldDescriptor(record, oneof);
  if (kind == nullptr) return 0;
  const auto& message = record.GetReflection()->GetMessage(record, kind);
  const auto* number = message.GetDescriptor()->FindFieldByName(field);
  return number == nullptr ? 0 : message.GetReflection()->GetUInt32(message, number);
}

inline std::string JsonLine(const v1::Record& record, bool quirks = false,
                            const v1::List* list = nullptr) {
  UseUtc();
  JsonContext context;
  context.list = list;
  context.scamper_quirks = quirks;
  std::string line;
  return AppendJson(record, context, &line) ? line : "no line";
}

// The lines of one type that the records of a file give.
inline std::string JsonOfFile(const std::string& warts, v1::Record::KindCase kind, bool quirks) {
  UseUtc();
  std::map<uint32_t, v1::List> lists;
  std::string out;
  for (const std::string& bytes : SplitRecords(warts)) {
    const v1::Record record = ReadOk(bytes);
    if (record.has_list()) lists[record.list().warts_id()] = record.list();
    if (record.kind_case() != kind) continue;
    const auto list = lists.find(NumberOf(record, "list_id"));
    JsonContext context;
    context.list = list == lists.end() ? nullptr : &list->second;
    context.scamper_quirks = quirks;
    AppendJson(record, context, &out);
  }
  return out;
}

// The lines of one type in a file of the tool.
inline std::string LinesOfType(const std::string& json, const std::string& type) {
  std::string out;
  for (absl::string_view line : absl::StrSplit(json, '\n', absl::SkipEmpty())) {
    if (absl::StartsWith(line, absl::StrCat("{\"type\":\"", type, "\"")))
      absl::StrAppend(&out, line, "\n");
  }
  EXPECT_FALSE(out.empty()) << type;
  return out;
}

}  // namespace scamper::records

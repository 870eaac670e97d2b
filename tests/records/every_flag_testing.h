// SPDX-License-Identifier: Apache-2.0
// Records with every flag of every block, and with each of them left out.
#pragma once

#include <functional>
#include <string>

#include "absl/strings/match.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "tests/records/records_testing.h"

namespace scamper::records {

inline v1::Record ParseRecord(const std::string& text) {
  v1::Record record;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &record)) << text;
  return record;
}

// Calls `visit` with each message of the tree, summaries excepted.
inline void ForEachMessage(google::protobuf::Message* message,
                           const std::function<void(google::protobuf::Message*)>& visit) {
  visit(message);
  const auto* reflection = message->GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection->ListFields(*message, &fields);
  for (const auto* field : fields) {
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (field->name() == "summary") continue;
    if (!field->is_repeated()) {
      ForEachMessage(reflection->MutableMessage(message, field), visit);
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(*message, field); ++i)
      ForEachMessage(reflection->MutableRepeatedMessage(message, field, i), visit);
  }
}

inline v1::Record WithoutSummaries(v1::Record record) {
  ForEachMessage(&record, [](google::protobuf::Message* message) {
    const auto* summary = message->GetDescriptor()->FindFieldByName("summary");
    if (summary != nullptr) message->GetReflection()->ClearField(message, summary);
  });
  return record;
}

// What is written is read as the same message, and is understood whole.
inline void ExpectRoundTrip(const v1::Record& record) {
  const std::string bytes = WriteOk(record);
  const v1::Record again = ReadOk(bytes);
  std::string difference;
  google::protobuf::util::MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&difference);
  EXPECT_TRUE(differencer.Compare(record, WithoutSummaries(again))) << difference;
  EXPECT_EQ(WriteOk(again), bytes);
}

// That every field of a block of the format is there.
inline void ExpectFull(const google::protobuf::Message& message) {
  const auto* descriptor = message.GetDescriptor();
  if (descriptor->FindFieldByName("uninterpreted") == nullptr) return;
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const auto* field = descriptor->field(i);
    if (field->number() >= 40) continue;
    // A length that is recorded without its data.
    if (absl::EndsWith(field->name(), "_length")) continue;
    EXPECT_NE(std::find(fields.begin(), fields.end(), field), fields.end())
        << descriptor->name() << "." << field->name() << " is not in the test's record";
  }
}

// Of a record with all fields: it, and it without each field, is either refused or comes back the
// same. Returns how many were accepted.
inline int ExpectEachFlagIsOptional(const v1::Record& full) {
  v1::Record copy = full;
  ExpectRoundTrip(full);
  int accepted = 0;
  ForEachMessage(&copy, [&](google::protobuf::Message* message) {
    // One by one, put back afterwards.
    if (message->GetDescriptor()->FindFieldByName("uninterpreted") == nullptr) return;
    std::vector<const google::protobuf::FieldDescriptor*> fields;
    message->GetReflection()->ListFields(*message, &fields);
    const std::unique_ptr<google::protobuf::Message> before(message->New());
    before->CopyFrom(*message);
    for (const auto* field : fields) {
      message->GetReflection()->ClearField(message, field);
      const auto bytes = Write(copy);
      if (bytes.ok()) {
        SCOPED_TRACE(message->GetDescriptor()->name() + " without " + field->name());
        ExpectRoundTrip(copy);
        ++accepted;
      } else {
        EXPECT_EQ(bytes.status().code(), absl::StatusCode::kInvalidArgument);
      }
      message->CopyFrom(*before);
    }
  });
  return accepted;
}

inline void ExpectAllFull(v1::Record record) {
  ForEachMessage(&record, [](google::protobuf::Message* m) { ExpectFull(*m); });
}

}  // namespace scamper::records

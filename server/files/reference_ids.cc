// SPDX-License-Identifier: Apache-2.0
#include "server/files/reference_ids.h"

#include <array>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace scamper::files {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Null where the type has no such field.
struct Fields {
  const FieldDescriptor* kind = nullptr;
  const FieldDescriptor* list_id = nullptr;
  const FieldDescriptor* cycle_id = nullptr;
};

// By the field number of Record.
using FieldTable = std::array<Fields, 128>;

FieldTable BuildTable() {
  FieldTable table;
  const google::protobuf::Descriptor* record = v1::Record::descriptor();
  for (int i = 0; i < record->field_count(); ++i) {
    const FieldDescriptor* kind = record->field(i);
    const size_t number = static_cast<size_t>(kind->number());
    if (number >= table.size() || kind->message_type() == nullptr) continue;
    table[number] = {kind, kind->message_type()->FindFieldByName("list_id"),
                     kind->message_type()->FindFieldByName("cycle_id")};
  }
  return table;
}

const Fields& FieldsOf(const v1::Record& record) {
  static const FieldTable& table = *new FieldTable(BuildTable());
  return table[static_cast<size_t>(record.kind_case())];
}

std::optional<uint32_t> Get(const Message& message, const FieldDescriptor* field) {
  if (field == nullptr || !message.GetReflection()->HasField(message, field)) return std::nullopt;
  return message.GetReflection()->GetUInt32(message, field);
}

}  // namespace

ReferenceIds ReferenceIdsOf(const v1::Record& record) {
  const Fields& fields = FieldsOf(record);
  if (fields.kind == nullptr) return {};
  const Message& message = record.GetReflection()->GetMessage(record, fields.kind);
  return {Get(message, fields.list_id), Get(message, fields.cycle_id)};
}

void SetReferenceIds(const ReferenceIds& ids, v1::Record* record) {
  const Fields& fields = FieldsOf(*record);
  if (fields.kind == nullptr) return;
  Message* message = record->GetReflection()->MutableMessage(record, fields.kind);
  if (ids.list_id) message->GetReflection()->SetUInt32(message, fields.list_id, *ids.list_id);
  if (ids.cycle_id) message->GetReflection()->SetUInt32(message, fields.cycle_id, *ids.cycle_id);
}

}  // namespace scamper::files

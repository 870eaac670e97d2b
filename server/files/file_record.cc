// SPDX-License-Identifier: Apache-2.0
#include "server/files/file_record.h"

namespace scamper::files {

void ToProto(const FileRecord& record, v1::FileRecord* proto) {
  proto->set_offset(record.offset);
  proto->set_index(record.index);
  *proto->mutable_record() = *record.record;
  if (record.list != nullptr) *proto->mutable_list() = *record.list;
  if (record.cycle != nullptr) *proto->mutable_cycle() = *record.cycle;
}

}  // namespace scamper::files

// SPDX-License-Identifier: Apache-2.0
// Records as JSON lines, byte for byte those of scamper's own tool (json-output.md).
#pragma once

#include <string>

#include "scamper/v1/common.pb.h"
#include "scamper/v1/record.pb.h"

namespace scamper::records {

// What a line tells that is not in its record.
struct JsonContext {
  // The list and the cycle that the record is of; null where there is none. Those of
  // a cycle record are the list that it is over and itself; of a cycle stop, the cycle
  // that it ends.
  const v1::List* list = nullptr;
  const v1::Cycle* cycle = nullptr;
  // False: always valid and complete JSON. Differs from the tool only where that prints
  // something else: strings are whole UTF-8 with escapes, nothing is cut, keys are as
  // meant, commas are never missing, and types that the tool drops have a line.
  // True: the bytes of the tool, whatever they are, for the types that it prints.
  bool scamper_quirks = false;
};

// Appends one line with its newline. False, with `out` as it was, where the type has no
// JSON form, or with quirks none in the tool. Derived fields (summary) are used: the
// record is as Read() left it. The time zone of "ftime" is that of the process.
bool AppendJson(const v1::Record& record, const JsonContext& context, std::string* out);

}  // namespace scamper::records

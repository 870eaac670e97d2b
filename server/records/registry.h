// SPDX-License-Identifier: Apache-2.0
// One row for each record type of the warts format. No other file switches on
// the type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scamper/v1/record.pb.h"
#include "scamper/v1/task.pb.h"
#include "server/records/command.h"
#include "server/warts/address.h"
#include "server/warts/writer.h"

namespace scamper::records {

struct Probing;

// Whether reading fills in the fields that follow from others (summary).
enum class Derived { kFillIn, kLeaveOut };

// Reads one whole record, header included; unknown types become UnknownRecord.
// DATA_LOSS with the offset and what was expected when it is malformed.
// `addresses` are the file's address records that
// came before, which records of old writers refer to; null: none are known, and
// such a reference is DATA_LOSS. What is not kept: see server/warts/params.h. An `out` that held
// a record of the same type keeps its memory, which saves most of the time.
absl::Status Read(absl::string_view record, v1::Record* out,
                  const warts::AddressTable* addresses = nullptr,
                  Derived derived = Derived::kFillIn);

// Writes the record, header included, by the presence of its fields.
// INVALID_ARGUMENT naming the field that the format cannot hold.
absl::StatusOr<std::string> Write(const v1::Record& record);
// The same at the end of `writer`, which is as it was where it fails.
absl::Status Write(const v1::Record& record, warts::Writer& writer);

// The list and the cycle that a record of any type names.
struct ReferenceIds {
  // Absent where the field is absent, or the type has no such field.
  std::optional<uint32_t> list_id;
  std::optional<uint32_t> cycle_id;
};
ReferenceIds ReferenceIdsOf(const v1::Record& record);
// Overwrites those that are present in `ids`. REQUIRES: the type has such a field.
void SetReferenceIds(const ReferenceIds& ids, v1::Record* record);

// Each distinct address of the record once, in the order of appearance.
std::vector<v1::AddressInfo> Addresses(const v1::Record& record);

// The text that people know from ping and traceroute (text-output.md), with a newline at the end of
// each line; empty for types without a text form.
std::string Text(const v1::Record& record);
void AppendText(const v1::Record& record, std::string* out);

// Checks everything that does not depend on the daemon's version. Paths in the violations
// are those below the Measurement, e.g. "ping.ttl".
std::vector<FieldViolation> Validate(const v1::Measurement& measurement);

// The command line for a daemon of that version (e.g. 20211212; 0 means unknown and is taken as the
// newest). REQUIRES: Validate found nothing.
// FAILED_PRECONDITION naming the parameter and the version that it needs.
absl::StatusOr<std::string> Command(const v1::Measurement& measurement, int version);

// The measurements that a daemon of that version can do, named as the fields of Measurement.
std::vector<std::string> Capabilities(int version);

// What ties a result to the measurement it is of, where the daemon does not say; see result_key.h.
// REQUIRES: Validate found nothing.
std::string Key(const v1::Measurement& measurement);

// Measurements with the same one, not empty, must not be under way at the same time at a daemon
// before 20230224: it loses results of queries that are equal, and then ends. REQUIRES: Validate
// found nothing.
std::string Exclusion(const v1::Measurement& measurement);

// Whom the measurement sends packets to, and how many; see probing.h. REQUIRES: Validate found
// nothing.
Probing ProbingOf(const v1::Measurement& measurement);

struct ResultIdentity {
  // Equal to Key of the measurements that it can be the result of.
  std::string key;
  // Of those that left to scamper what the record says; empty where nothing can be left to it.
  std::string fallback_key = {};
  // The measurement was ended by a halt.
  bool halted = false;
};

// Of a whole record, header included; reads no more of it than that takes. DATA_LOSS when that
// is malformed, or the record is of no measurement.
absl::StatusOr<ResultIdentity> Identify(absl::string_view record);

}  // namespace scamper::records

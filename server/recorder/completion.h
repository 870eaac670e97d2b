// SPDX-License-Identifier: Apache-2.0
// From a journal of records to the file that it is for.
#pragma once

#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/files/convert.h"
#include "server/files/output_kind.h"
#include "server/store/store.h"

namespace scamper::store {
class Journal;
}  // namespace scamper::store

namespace scamper::recorder {

// JournalTarget::kind, and back; one that is not known is read as plain warts.
std::string KindText(const files::OutputKind& kind);
files::OutputKind ParseKindText(absl::string_view text);

// What people should know, a line without its end.
using Log = std::function<void(const std::string&)>;

// Makes the file of the target from a journal that is whole, or where `damaged` from what can be
// read of it. Plain warts is the journal itself under its new name.
// - A name that is taken, as can be after a crash, becomes another: "-recovered-1", -2, ... before
//   its suffix.
// - Records that the kind cannot hold, because they are malformed, are left out, which `log` hears.
// - Where the file cannot be written, for want of room for example, the journal itself becomes a
//   file with ".warts" behind the name; the error says so.
// - CANCELLED by `going`: the journal stays for the next start.
// Blocks. In all other cases the journal is used up.
absl::StatusOr<store::FileInfo> Complete(store::Store* store, store::Journal* journal, bool damaged,
                                         const files::Going& going, const Log& log);

// The same for a journal that an earlier process left: what is behind its last whole record is cut
// off, and cycles that have no stop get one, at the time when the journal was last written. One
// without a record is discarded: NOT_FOUND.
absl::StatusOr<store::FileInfo> RecoverJournal(store::Store* store, store::Journal* journal,
                                               const files::Going& going, const Log& log);

}  // namespace scamper::recorder

// SPDX-License-Identifier: Apache-2.0
#include "server/recorder/completion.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/files/record_stream.h"
#include "server/recorder/numbering.h"
#include "server/store/journal.h"
#include "server/warts/cursor.h"
#include "server/warts/header.h"

namespace scamper::recorder {
namespace {

constexpr absl::string_view kScamperJson = " scamper";
constexpr size_t kMaxName = 255;
constexpr int kMaxRecovered = 1000;

absl::string_view FormatName(files::Format format) {
  switch (format) {
    case files::Format::kWarts:
      return "warts";
    case files::Format::kJson:
      return "json";
    case files::Format::kText:
      return "text";
    case files::Format::kProtobuf:
      return "protobuf";
  }
  return "warts";
}

bool IsTaken(const absl::Status& status) {
  return absl::IsAlreadyExists(status) || absl::IsFailedPrecondition(status);
}

// `name` with `mark` before its suffix, as long as a name may be.
std::string MarkedName(absl::string_view name, absl::string_view mark) {
  size_t stem = name.size() - io::SuffixOf(io::CompressionOfName(name)).size();
  const size_t dot = name.substr(0, stem).rfind('.');
  if (dot != absl::string_view::npos) stem = dot;
  const absl::string_view suffix = name.substr(stem);
  stem = std::min(stem, kMaxName - std::min(kMaxName, mark.size() + suffix.size()));
  return absl::StrCat(name.substr(0, stem), mark, suffix);
}

// Calls make(name), which gives a StatusOr, with the name of the target and, as long as that
// is taken, with others.
template <typename Make>
auto WithFreeName(const std::string& name, Make make) {
  auto made = make(name);
  for (int i = 1; i <= kMaxRecovered && IsTaken(made.status()); ++i)
    made = make(MarkedName(name, absl::StrCat("-recovered-", i)));
  return made;
}

absl::StatusOr<store::FileInfo> BecomeFile(store::Journal* journal, const std::string& name) {
  return WithFreeName(name, [journal](const std::string& free) { return journal->Become(free); });
}

absl::StatusOr<store::FileInfo> Convert(store::Store* store, store::Journal* journal,
                                        const files::OutputKind& kind, bool damaged,
                                        const files::Going& going, const Log& log) {
  const std::string& name = journal->target().name;
  absl::StatusOr<std::unique_ptr<io::ByteSource>> source = journal->Source();
  if (!source.ok()) return source.status();
  const auto file = WithFreeName(name, [&](const std::string& free) {
    return free == name ? journal->CreateFile() : store->Create(free, false);
  });
  if (!file.ok()) return file.status();
  files::InputOptions input;
  input.kind = files::InputKind::kWarts;
  input.recover = damaged || kind.format != files::Format::kWarts;
  input.on_skipped = [&](const files::SkippedRegion& skipped) {
    log(absl::StrCat("recording ", name, ": ", skipped.length, " bytes at ", skipped.offset,
                     " are left out: ", skipped.why));
  };
  files::Totals totals;
  absl::Status status =
      files::Convert(*std::move(source), input, (*file)->Sink(), kind, going, &totals);
  if (!status.ok()) return status;
  return (*file)->Commit();
}

uint32_t FirstU32(absl::string_view record) {
  warts::Cursor body(record.substr(std::min(record.size(), warts::kHeaderSize)));
  uint32_t value = 0;
  body.U32(&value);
  return value;
}

struct Stock {
  // Of the whole records at the front.
  uint64_t records = 0;
  uint64_t size = 0;
  // What follows is no record that was cut short.
  bool damaged = false;
  // Cycles that were not stopped.
  std::set<uint32_t> cycles;
};

// Whether the journal from `at` on can be the front part of a record.
absl::StatusOr<bool> IsPartOfRecord(const store::Journal& journal, uint64_t at) {
  std::string header(warts::kHeaderSize, '\0');
  const absl::StatusOr<size_t> n = journal.Read(at, header.data(), header.size());
  if (!n.ok()) return n.status();
  const absl::string_view magic("\x12\x05", 2);
  return absl::string_view(header).substr(0, std::min<size_t>(*n, 2)) == magic.substr(0, *n);
}

absl::StatusOr<Stock> TakeStock(const store::Journal& journal) {
  absl::StatusOr<std::unique_ptr<io::ByteSource>> source = journal.Source();
  if (!source.ok()) return source.status();
  files::StreamOptions options;
  options.decode = false;
  files::RecordStream stream(*std::move(source), std::move(options));
  Stock stock;
  while (true) {
    const absl::StatusOr<const files::FileRecord*> record = stream.Next();
    if (record.ok() && *record == nullptr) return stock;
    if (!record.ok() && !absl::IsDataLoss(record.status())) return record.status();
    if (!record.ok()) {
      const absl::StatusOr<bool> part = IsPartOfRecord(journal, stock.size);
      if (!part.ok()) return part.status();
      stock.damaged = !*part;
      return stock;
    }
    ++stock.records;
    stock.size = (*record)->offset + (*record)->bytes.size();
    const uint32_t cycle = FirstU32((*record)->bytes);
    if ((*record)->type == v1::Record::kCycleStart) stock.cycles.insert(cycle);
    if ((*record)->type == v1::Record::kCycleStop) stock.cycles.erase(cycle);
  }
}

}  // namespace

std::string KindText(const files::OutputKind& kind) {
  return absl::StrCat(FormatName(kind.format), io::SuffixOf(kind.compression),
                      kind.scamper_json ? kScamperJson : "");
}

files::OutputKind ParseKindText(absl::string_view text) {
  const bool scamper_json = absl::ConsumeSuffix(&text, kScamperJson);
  const absl::StatusOr<files::OutputKind> parsed = files::ParseOutputKind(text);
  files::OutputKind kind = parsed.ok() ? *parsed : files::OutputKind();
  kind.scamper_json = scamper_json;
  return kind;
}

absl::StatusOr<store::FileInfo> Complete(store::Store* store, store::Journal* journal, bool damaged,
                                         const files::Going& going, const Log& log) {
  const std::string& name = journal->target().name;
  const files::OutputKind kind = ParseKindText(journal->target().kind);
  const bool plain =
      kind.format == files::Format::kWarts && kind.compression == io::Compression::kNone;
  if (plain && !damaged) return BecomeFile(journal, name);
  absl::StatusOr<store::FileInfo> file = Convert(store, journal, kind, damaged, going, log);
  if (file.ok()) {
    journal->Discard();
    return file;
  }
  if (absl::IsCancelled(file.status())) return file;
  const absl::StatusOr<store::FileInfo> kept =
      BecomeFile(journal, MarkedName(absl::StrCat(name, ".warts"), ""));
  return absl::Status(
      file.status().code(),
      absl::StrCat(std::string(file.status().message()), "; what was recorded is ",
                   kept.ok() ? absl::StrCat("in the file '", kept->name, "'")
                             : std::string("kept for the next start of the server")));
}

absl::StatusOr<store::FileInfo> RecoverJournal(store::Store* store, store::Journal* journal,
                                               const files::Going& going, const Log& log) {
  const absl::StatusOr<Stock> stock = TakeStock(*journal);
  if (!stock.ok()) return stock.status();
  if (stock->records == 0 && !stock->damaged) {
    journal->Discard();
    return absl::NotFoundError("nothing was recorded");
  }
  if (stock->damaged) return Complete(store, journal, true, going, log);
  if (absl::Status status = journal->Truncate(stock->size); !status.ok()) return status;
  std::string stops;
  for (const uint32_t cycle : stock->cycles) AppendStop(cycle, journal->left_at(), &stops);
  // For want of room: the file is good without them.
  if (absl::Status status = journal->Append(stops); !status.ok())
    log(absl::StrCat("recording ", journal->target().name,
                     ": without stops of its cycles: ", std::string(status.message())));
  return Complete(store, journal, false, going, log);
}

}  // namespace scamper::recorder

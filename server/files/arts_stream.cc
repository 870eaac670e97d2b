// SPDX-License-Identifier: Apache-2.0
#include "server/files/arts_stream.h"

#include "absl/strings/str_cat.h"
#include "server/records/trace/trace_summary.h"

namespace scamper::files {
namespace {

constexpr uint32_t kTraceType = v1::Record::kTrace;

uint64_t PlausibleSize(absl::string_view bytes) {
  const auto header = ReadArtsHeader(bytes);
  return header && header->data_length > 0 ? header->size() : 0;
}

}  // namespace

ArtsStream::ArtsStream(std::unique_ptr<io::ByteSource> source, StreamOptions options)
    : buffer_(std::move(source)),
      options_(std::move(options)),
      scanner_({kArtsMagic, kArtsHeaderSize, PlausibleSize}, options_.max_body, &buffer_) {}

absl::StatusOr<const FileRecord*> ArtsStream::Next() {
  while (!ended_) {
    const Step step = Advance();
    if (step == Step::kDeliver) return &current_;
    ended_ = step == Step::kEnd;
  }
  if (!status_.ok()) return status_;
  return nullptr;
}

ArtsStream::Step ArtsStream::Advance() {
  header_ = {};
  if (!buffer_.Fill(kArtsHeaderSize)) return AtInputEnd("a 20-byte header");
  const auto header = ReadArtsHeader(buffer_.window());
  if (!header) return Damaged("expected a header that starts with df b0", false);
  header_ = *header;
  if (header_.data_length == 0) return Damaged("expected a data length that is not 0", false);
  if (header_.size() > options_.max_body) {
    return Damaged(absl::StrCat("expected an object of at most ", options_.max_body,
                                " bytes, the header says ", header_.size()),
                   false);
  }
  const size_t size = static_cast<size_t>(header_.size());
  if (!buffer_.Fill(size)) return AtInputEnd(absl::StrCat("an object of ", size, " bytes"));
  if (options_.recover && !scanner_.IsBoundary(size) && scanner_.HasRecordInside(size))
    return Damaged("expected another object behind this one, found one inside", false);
  current_ = FileRecord();
  current_.offset = buffer_.offset();
  current_.index = index_;
  current_.type = kTraceType;
  const bool wanted =
      header_.id == kArtsTrace && (options_.types.empty() || options_.types.contains(kTraceType));
  if (wanted) {
    const absl::Status read = Decode();
    if (!read.ok()) {
      const bool inside = options_.recover && scanner_.MalformedHasRecordInside(size);
      return Damaged(std::string(read.message()), !inside);
    }
  }
  buffer_.Skip(size);
  ++index_;
  return wanted ? Step::kDeliver : Step::kGoOn;
}

// The input ends, or cannot be read further, before what was expected.
ArtsStream::Step ArtsStream::AtInputEnd(absl::string_view expected) {
  const absl::Status& source = buffer_.status();
  const size_t left = buffer_.window().size();
  if (source.ok() && left == 0) return Step::kEnd;
  if (!source.ok() && source.code() != absl::StatusCode::kDataLoss) {
    status_ =
        absl::Status(source.code(), absl::StrCat("byte ", buffer_.offset() + left, ", record ",
                                                 index_, ": ", std::string(source.message())));
    return Step::kEnd;
  }
  std::string what = absl::StrCat("expected ", expected, ", found ", left);
  if (!source.ok()) absl::StrAppend(&what, ": ", std::string(source.message()));
  if (left > 0 || !options_.recover) return Damaged(what, false);
  if (options_.on_skipped) options_.on_skipped({buffer_.offset(), 0, what});
  return Step::kEnd;
}

ArtsStream::Step ArtsStream::Damaged(absl::string_view what, bool length_holds) {
  const uint64_t offset = buffer_.offset();
  if (!options_.recover) {
    std::string place = absl::StrCat("byte ", offset, ", record ", index_);
    if (header_.id == kArtsTrace) absl::StrAppend(&place, ", type ", kTraceType);
    status_ = absl::DataLossError(absl::StrCat(place, ": ", what));
    return Step::kEnd;
  }
  if (length_holds) {
    buffer_.Skip(header_.size());
    ++index_;
  } else {
    scanner_.SkipToRecord();
  }
  if (options_.on_skipped)
    options_.on_skipped({offset, buffer_.offset() - offset, std::string(what)});
  return Step::kGoOn;
}

absl::Status ArtsStream::Decode() {
  const absl::string_view bytes = buffer_.window().substr(0, static_cast<size_t>(header_.size()));
  warts::ReadState state(nullptr);
  ArtsIds ids;
  record_.Clear();
  const warts::Cursor body(bytes.substr(kArtsHeaderSize), kArtsHeaderSize);
  if (!ReadArtsTrace(header_, body, state, record_.mutable_trace(), &ids))
    return state.ToStatus("arts trace");
  Resolve(ids);
  records::SummarizeTrace(record_.mutable_trace());
  current_.record = &record_;
  return absl::OkStatus();
}

void ArtsStream::Resolve(const ArtsIds& ids) {
  v1::Trace* trace = record_.mutable_trace();
  trace->set_list_id(0);
  trace->set_cycle_id(0);
  if (!ids.list || !ids.cycle) return;
  std::unique_ptr<v1::List>& list = lists_[*ids.list];
  if (list == nullptr) {
    list = std::make_unique<v1::List>();
    list->set_warts_id(static_cast<uint32_t>(lists_.size()));
    list->set_id(*ids.list);
  }
  std::unique_ptr<v1::Cycle>& cycle = cycles_[{*ids.list, *ids.cycle}];
  if (cycle == nullptr) {
    cycle = std::make_unique<v1::Cycle>();
    cycle->set_warts_id(static_cast<uint32_t>(cycles_.size()));
    cycle->set_list_id(list->warts_id());
    cycle->set_id(*ids.cycle);
  }
  trace->set_list_id(list->warts_id());
  trace->set_cycle_id(cycle->warts_id());
  current_.list = list.get();
  current_.cycle = cycle.get();
  current_.cycle_list = list.get();
}

}  // namespace scamper::files

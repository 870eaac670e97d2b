// SPDX-License-Identifier: Apache-2.0
#include "server/files/record_stream.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/records/registry.h"

namespace scamper::files {
namespace {

using warts::kHeaderSize;

// Types of lists, cycles and addresses.
constexpr uint32_t kLastDefinition = 5;
// Of types above this it is not plausible that a header is one.
constexpr uint32_t kLastPlausibleType = 63;

constexpr absl::string_view kMagicBytes("\x12\x05", 2);

bool IsDefinition(uint32_t type) { return type >= 1 && type <= kLastDefinition; }

std::string FoundBytes(absl::string_view bytes) {
  std::string text = "found";
  for (const char c : bytes)
    absl::StrAppend(&text, absl::StrFormat(" %02x", static_cast<unsigned char>(c)));
  return text;
}

}  // namespace

RecordStream::RecordStream(std::unique_ptr<io::ByteSource> source, StreamOptions options)
    : buffer_(std::move(source)), options_(std::move(options)) {}

absl::StatusOr<const FileRecord*> RecordStream::Next() {
  buffer_.Skip(held_);
  held_ = 0;
  while (!ended_) {
    switch (Advance()) {
      case Step::kDeliver:
        return &current_;
      case Step::kGoOn:
        break;
      case Step::kEnd:
        ended_ = true;
        break;
    }
  }
  if (!status_.ok()) return status_;
  return nullptr;
}

RecordStream::Step RecordStream::Advance() {
  header_ = {};
  if (!buffer_.Fill(kHeaderSize)) return AtInputEnd("an 8-byte header");
  const auto header = warts::ReadHeader(buffer_.window());
  if (!header) {
    return Damaged(absl::StrCat("expected a header that starts with 12 05, ",
                                FoundBytes(buffer_.window().substr(0, 2))),
                   false);
  }
  header_ = *header;
  if (header_.type == 0) return Damaged("expected a record type that is not 0", false);
  if (header_.length > options_.max_body) {
    return Damaged(absl::StrCat("expected a body of at most ", options_.max_body,
                                " bytes, the header says ", header_.length),
                   false);
  }
  const bool wanted = options_.types.empty() || options_.types.contains(header_.type);
  if (!wanted && !IsDefinition(header_.type) && !options_.recover) return SkipFiltered();
  return ReadOne();
}

RecordStream::Step RecordStream::ReadOne() {
  const size_t size = kHeaderSize + header_.length;
  if (!buffer_.Fill(size)) return AtInputEnd(absl::StrCat("a body of ", header_.length, " bytes"));
  if (options_.recover && !IsBoundary(size) && HasRecordInside(size)) {
    return Damaged("expected another record behind the body, found one inside", false);
  }
  const bool wanted = options_.types.empty() || options_.types.contains(header_.type);
  const bool definition = IsDefinition(header_.type);
  current_ = FileRecord();
  current_.offset = buffer_.offset();
  current_.index = index_;
  current_.type = header_.type;
  current_.bytes = buffer_.window().substr(0, size);
  if (options_.decode && (wanted || definition)) {
    const absl::Status read = records::Read(current_.bytes, &record_, &addresses_);
    if (!read.ok()) return Damaged(std::string(read.message()), true);
    current_.record = &record_;
    definitions_.Define(record_);
    DefineAddress();
    definitions_.Resolve(record_, &current_);
  }
  ++index_;
  held_ = size;
  if (wanted || (definition && options_.keep_definitions)) return Step::kDeliver;
  buffer_.Skip(std::exchange(held_, 0));
  return Step::kGoOn;
}

RecordStream::Step RecordStream::SkipFiltered() {
  const uint64_t offset = buffer_.offset();
  const uint64_t size = kHeaderSize + uint64_t{header_.length};
  const uint64_t skipped = buffer_.Skip(size);
  if (skipped == size) {
    ++index_;
    return Step::kGoOn;
  }
  if (!buffer_.status().ok()) {
    status_ = absl::Status(buffer_.status().code(),
                           absl::StrCat("record ", index_, ", byte ", offset, ": ",
                                        std::string(buffer_.status().message())));
  } else {
    status_ = absl::DataLossError(absl::StrCat(
        "byte ", offset, ", record ", index_, ", type ", header_.type, ": expected a body of ",
        header_.length, " bytes, found ", skipped - kHeaderSize));
  }
  return Step::kEnd;
}

// The input ends, or cannot be read further, before what was expected.
RecordStream::Step RecordStream::AtInputEnd(absl::string_view expected) {
  const absl::Status& source = buffer_.status();
  const size_t left = buffer_.window().size();
  if (source.ok() && left == 0) return Step::kEnd;
  if (!source.ok() && source.code() != absl::StatusCode::kDataLoss) {
    status_ =
        absl::Status(source.code(), absl::StrCat("byte ", buffer_.offset() + left, ", record ",
                                                 index_, ": ", std::string(source.message())));
    return Step::kEnd;
  }
  const size_t found = header_.type == 0 ? left : left - kHeaderSize;
  std::string what = absl::StrCat("expected ", expected, ", found ", found);
  if (!source.ok()) absl::StrAppend(&what, ": ", std::string(source.message()));
  if (left > 0 || !options_.recover) return Damaged(what, false);
  Report(buffer_.offset(), what);
  return Step::kEnd;
}

// `length_holds`: the record ends where its header says.
RecordStream::Step RecordStream::Damaged(absl::string_view what, bool length_holds) {
  std::string why(what);
  if (!options_.recover) {
    std::string place = absl::StrCat("byte ", buffer_.offset(), ", record ", index_);
    if (header_.type != 0) absl::StrAppend(&place, ", type ", header_.type);
    status_ = absl::DataLossError(absl::StrCat(place, ": ", why));
    return Step::kEnd;
  }
  if (!length_holds) {
    Resync(std::move(why));
    return Step::kGoOn;
  }
  const uint64_t offset = buffer_.offset();
  buffer_.Skip(kHeaderSize + uint64_t{header_.length});
  ++index_;
  Report(offset, std::move(why));
  return Step::kGoOn;
}

bool RecordStream::IsBoundary(size_t at) {
  if (buffer_.Fill(at + kMagicBytes.size()))
    return buffer_.window().substr(at, kMagicBytes.size()) == kMagicBytes;
  return buffer_.window().size() == at;
}

bool RecordStream::IsPlausible(size_t at) {
  if (!buffer_.Fill(at + kHeaderSize)) return false;
  const auto header = warts::ReadHeader(buffer_.window().substr(at));
  if (!header || header->type == 0 || header->type > kLastPlausibleType) return false;
  if (header->length > options_.max_body) return false;
  const size_t end = at + kHeaderSize + header->length;
  return buffer_.Fill(end) && IsBoundary(end);
}

bool RecordStream::HasRecordInside(size_t size) {
  size_t at = 1;
  while (true) {
    at = buffer_.window().find(kMagicBytes, at);
    if (at == absl::string_view::npos || at >= size) return false;
    if (IsPlausible(at)) return true;
    ++at;
  }
}

// Moves to the next plausible header behind the start of the window, or to the end.
void RecordStream::Resync(std::string why) {
  const uint64_t offset = buffer_.offset();
  buffer_.Skip(1);
  while (buffer_.Fill(kMagicBytes.size())) {
    const size_t at = buffer_.window().find(kMagicBytes);
    if (at == absl::string_view::npos) {
      // The last byte may begin the magic.
      buffer_.Skip(buffer_.window().size() - 1);
      continue;
    }
    buffer_.Skip(at);
    if (IsPlausible(0)) break;
    buffer_.Skip(1);
  }
  if (buffer_.window().size() < kHeaderSize) buffer_.Skip(buffer_.window().size());
  Report(offset, std::move(why));
}

void RecordStream::Report(uint64_t offset, std::string why) {
  if (options_.on_skipped) options_.on_skipped({offset, buffer_.offset() - offset, std::move(why)});
}

void RecordStream::DefineAddress() {
  if (!record_.has_address()) return;
  const auto address = warts::ParseAddress(record_.address().addr());
  if (address) addresses_.Add(*address);
}

}  // namespace scamper::files

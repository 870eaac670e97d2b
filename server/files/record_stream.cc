// SPDX-License-Identifier: Apache-2.0
#include "server/files/record_stream.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "server/records/registry.h"

namespace scamper::files {
namespace {

using warts::kHeaderSize;

// Types of lists, cycles and addresses.
constexpr uint32_t kLastDefinition = 5;
constexpr uint32_t kAddress = 5;
// Of types above this it is not plausible that a header is one.
constexpr uint32_t kLastPlausibleType = 63;

// The memory of a larger record is given back. Bytes.
constexpr size_t kMostKept = size_t{1} << 20;

constexpr absl::string_view kMagicBytes("\x12\x05", 2);

bool IsDefinition(uint32_t type) { return type >= 1 && type <= kLastDefinition; }

uint64_t PlausibleSize(absl::string_view bytes) {
  const auto header = warts::ReadHeader(bytes);
  if (!header || header->type == 0 || header->type > kLastPlausibleType) return 0;
  return kHeaderSize + uint64_t{header->length};
}

// Whether bytes follow the last item of the record.
bool HasTrailing(const v1::Record& record) {
  const auto* kind = record.GetReflection()->GetOneofFieldDescriptor(
      record, v1::Record::descriptor()->FindOneofByName("kind"));
  if (kind == nullptr) return false;
  const auto* trailing = kind->message_type()->FindFieldByName("trailing");
  const auto& message = record.GetReflection()->GetMessage(record, kind);
  return trailing != nullptr && message.GetReflection()->HasField(message, trailing);
}

std::string FoundBytes(absl::string_view bytes) {
  std::string text = "found";
  for (const char c : bytes)
    absl::StrAppend(&text, absl::StrFormat(" %02x", static_cast<unsigned char>(c)));
  return text;
}

}  // namespace

RecordStream::RecordStream(std::unique_ptr<io::ByteSource> source, StreamOptions options)
    : buffer_(std::move(source)),
      options_(std::move(options)),
      scanner_({kMagicBytes, kHeaderSize, PlausibleSize}, kHeaderSize + uint64_t{options_.max_body},
               &buffer_) {}

absl::StatusOr<const FileRecord*> RecordStream::Next() {
  if (held_ > kMostKept) records_.clear();
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
  if (options_.recover && !scanner_.IsBoundary(size) && scanner_.HasRecordInside(size)) {
    return Damaged("expected another record behind the body, found one inside", false);
  }
  const bool wanted = options_.types.empty() || options_.types.contains(header_.type);
  const bool definition = IsDefinition(header_.type);
  current_ = FileRecord();
  current_.offset = buffer_.offset();
  current_.index = index_;
  current_.type = header_.type;
  current_.bytes = buffer_.window().substr(0, size);
  const bool deliver = options_.decode && (wanted || definition);
  // What was found by looking for it may be no record.
  if (deliver || found_) {
    const absl::Status read = Decode(deliver);
    if (!read.ok()) {
      const bool inside = options_.recover && scanner_.MalformedHasRecordInside(size);
      return Damaged(std::string(read.message()), !inside);
    }
  }
  found_ = false;
  ++index_;
  held_ = size;
  if (wanted || (definition && options_.keep_definitions)) return Step::kDeliver;
  buffer_.Skip(std::exchange(held_, 0));
  return Step::kGoOn;
}

// `deliver`: the record is more than looked at.
absl::Status RecordStream::Decode(bool deliver) {
  v1::Record& record = records_[std::min(header_.type, kLastPlausibleType)];
  absl::Status read = records::Read(current_.bytes, &record, &addresses_, options_.derived);
  if (!read.ok()) return read;
  if (options_.recover && HasTrailing(record) && scanner_.HasRecordInside(current_.bytes.size())) {
    return absl::DataLossError("expected the end of the record, found another one inside");
  }
  if (!deliver) return read;
  read = DefineAddress(record);
  if (!read.ok()) return read;
  current_.record = &record;
  if (IsDefinition(header_.type)) definitions_.Define(record);
  definitions_.Resolve(record, &current_);
  return read;
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
  if (header_.type == kAddress) addresses_.AddLost(1);
  addresses_lost_ = true;
  Report(offset, std::move(why));
  return Step::kGoOn;
}

void RecordStream::Resync(std::string why) {
  const uint64_t offset = buffer_.offset();
  scanner_.SkipToRecord();
  found_ = true;
  addresses_lost_ = true;
  Report(offset, std::move(why));
}

void RecordStream::Report(uint64_t offset, std::string why) {
  if (options_.on_skipped) options_.on_skipped({offset, buffer_.offset() - offset, std::move(why)});
}

absl::Status RecordStream::DefineAddress(const v1::Record& record) {
  if (!record.has_address()) return absl::OkStatus();
  const uint32_t expected = static_cast<uint32_t>((addresses_.size() + 1) % kAddressCheckModulus);
  const uint32_t check = record.address().check();
  if (check != expected) {
    if (!options_.recover) {
      return absl::DataLossError(
          absl::StrCat("address record, check: expected ", expected, ", found ", check));
    }
    if (addresses_lost_ && check < kAddressCheckModulus)
      addresses_.AddLost((check + kAddressCheckModulus - expected) % kAddressCheckModulus);
  }
  addresses_lost_ = false;
  const auto address = warts::ParseAddress(record.address().addr());
  if (address) addresses_.Add(*address);
  return absl::OkStatus();
}

}  // namespace scamper::files

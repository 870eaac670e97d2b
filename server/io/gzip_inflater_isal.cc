// SPDX-License-Identifier: Apache-2.0
#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "server/io/gzip_header.h"
#include "server/io/gzip_inflater.h"

namespace scamper::io {
namespace {

// Of one copy, in the format.
constexpr uint32_t kLongestCopy = 258;

absl::Status IsalError(int code) {
  switch (code) {
    case ISAL_INVALID_BLOCK:
      return absl::DataLossError("damaged data (invalid block)");
    case ISAL_INVALID_SYMBOL:
      return absl::DataLossError("damaged data (invalid symbol)");
    case ISAL_INVALID_LOOKBACK:
      return absl::DataLossError("damaged data (distance too far back)");
    case ISAL_INCORRECT_CHECKSUM:
      return absl::DataLossError("damaged data (incorrect checksum)");
    default:
      return absl::InternalError(absl::StrCat("ISA-L error ", code));
  }
}

class IsalInflater : public StreamDecoder {
 public:
  const StreamFormat& format() const override { return kGzipFormat; }

  absl::Status Start() override {
    isal_inflate_init(&state_);
    state_.crc_flag = ISAL_GZIP_NO_HDR_VER;
    header_ = GzipHeader();
    return absl::OkStatus();
  }

  absl::StatusOr<bool> Decode(absl::string_view* in, absl::Span<char>* out) override {
    absl::StatusOr<bool> header = header_.Take(in);
    if (!header.ok() || !*header) return header;
    constexpr size_t kMax = std::numeric_limits<int32_t>::max();
    uint32_t in_size = static_cast<uint32_t>(std::min(in->size(), kMax));
    uint32_t out_size = static_cast<uint32_t>(std::min(out->size(), kMax));
    state_.next_in = reinterpret_cast<uint8_t*>(const_cast<char*>(in->data()));
    state_.avail_in = in_size;
    state_.next_out = reinterpret_cast<uint8_t*>(out->data());
    state_.avail_out = out_size;
    int code = isal_inflate(&state_);
    // When ISA-L finds damage it may have counted bytes as taken that are not there.
    if (state_.avail_in > in_size) state_.avail_in = 0;
    in->remove_prefix(in_size - state_.avail_in);
    uint32_t made = out_size - state_.avail_out;
    // Some loops of ISA-L copy before they notice that the distance reaches behind the first byte:
    // the end of what they made is then whatever lies there in memory.
    if (code == ISAL_INVALID_LOOKBACK) made -= std::min(made, kLongestCopy);
    out->remove_prefix(made);
    if (code < 0 || code == ISAL_NEED_DICT) return IsalError(code);
    return state_.block_state == ISAL_BLOCK_FINISH;
  }

 private:
  GzipHeader header_;
  inflate_state state_;
};

}  // namespace

std::unique_ptr<StreamDecoder> NewIsalInflater() { return std::make_unique<IsalInflater>(); }

}  // namespace scamper::io

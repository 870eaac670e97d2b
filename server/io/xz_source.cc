// SPDX-License-Identifier: Apache-2.0
#include "server/io/xz_source.h"

#include <lzma.h>

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/io/decompressing_source.h"
#include "server/io/xz_error.h"

namespace scamper::io {
namespace {

constexpr StreamFormat kFormat = {"xz", absl::string_view("\xfd\x37zXZ\0", 6), 4};

class XzDecoder : public StreamDecoder {
 public:
  explicit XzDecoder(uint64_t memory_limit) : memory_limit_(memory_limit) {}
  ~XzDecoder() override { lzma_end(&stream_); }

  const StreamFormat& format() const override { return kFormat; }

  absl::Status Start() override {
    lzma_ret code = lzma_stream_decoder(&stream_, memory_limit_, LZMA_TELL_UNSUPPORTED_CHECK);
    return code == LZMA_OK ? absl::OkStatus() : XzError(code);
  }

  absl::StatusOr<bool> Decode(absl::string_view* in, absl::Span<char>* out) override {
    stream_.next_in = reinterpret_cast<const uint8_t*>(in->data());
    stream_.avail_in = in->size();
    stream_.next_out = reinterpret_cast<uint8_t*>(out->data());
    stream_.avail_out = out->size();
    lzma_ret code = lzma_code(&stream_, LZMA_RUN);
    in->remove_prefix(in->size() - stream_.avail_in);
    out->remove_prefix(out->size() - stream_.avail_out);
    if (code == LZMA_STREAM_END) return true;
    if (code == LZMA_OK || code == LZMA_BUF_ERROR) return false;
    if (code == LZMA_MEMLIMIT_ERROR) {
      return absl::ResourceExhaustedError(
          absl::StrCat("decompressing needs ", lzma_memusage(&stream_),
                       " bytes of memory, over the limit of ", memory_limit_, ","));
    }
    return XzError(code);
  }

 private:
  const uint64_t memory_limit_;
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

}  // namespace

std::unique_ptr<ByteSource> NewXzSource(std::unique_ptr<ByteSource> source, uint64_t memory_limit) {
  return std::make_unique<DecompressingSource>(std::move(source),
                                               std::make_unique<XzDecoder>(memory_limit));
}

}  // namespace scamper::io

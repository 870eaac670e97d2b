// SPDX-License-Identifier: Apache-2.0
#include "server/io/xz_sink.h"

#include <lzma.h>

#include <utility>

#include "server/io/compressing_sink.h"
#include "server/io/xz_error.h"

namespace scamper::io {
namespace {

constexpr uint32_t kPreset = 6;
// The preset's own, 8 MiB, makes the encoder take 94 MiB.
constexpr uint32_t kDictionary = 2 << 20;

class XzEncoder : public StreamEncoder {
 public:
  ~XzEncoder() override { lzma_end(&stream_); }

  absl::Status Start() {
    lzma_options_lzma options;
    if (lzma_lzma_preset(&options, kPreset)) return XzError(LZMA_OPTIONS_ERROR);
    options.dict_size = kDictionary;
    const lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, nullptr}};
    lzma_ret code = lzma_stream_encoder(&stream_, filters, LZMA_CHECK_CRC64);
    return code == LZMA_OK ? absl::OkStatus() : XzError(code);
  }

  absl::Status Encode(absl::string_view* in, absl::Span<char>* out) override {
    return Code(LZMA_RUN, in, out).status();
  }

  absl::StatusOr<bool> Finish(absl::Span<char>* out) override {
    absl::string_view nothing;
    return Code(LZMA_FINISH, &nothing, out);
  }

 private:
  absl::StatusOr<bool> Code(lzma_action action, absl::string_view* in, absl::Span<char>* out) {
    stream_.next_in = reinterpret_cast<const uint8_t*>(in->data());
    stream_.avail_in = in->size();
    stream_.next_out = reinterpret_cast<uint8_t*>(out->data());
    stream_.avail_out = out->size();
    lzma_ret code = lzma_code(&stream_, action);
    in->remove_prefix(in->size() - stream_.avail_in);
    out->remove_prefix(out->size() - stream_.avail_out);
    if (code == LZMA_STREAM_END) return true;
    if (code == LZMA_OK || code == LZMA_BUF_ERROR) return false;
    return XzError(code);
  }

  lzma_stream stream_ = LZMA_STREAM_INIT;
};

absl::StatusOr<std::unique_ptr<StreamEncoder>> NewEncoder() {
  auto encoder = std::make_unique<XzEncoder>();
  if (absl::Status started = encoder->Start(); !started.ok()) return started;
  return encoder;
}

}  // namespace

std::unique_ptr<ByteSink> NewXzSink(std::unique_ptr<ByteSink> sink) {
  return std::make_unique<CompressingSink>(std::move(sink), NewEncoder());
}

}  // namespace scamper::io

// SPDX-License-Identifier: Apache-2.0
#include "server/io/bzip2_source.h"

#include <bzlib.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "server/io/bzip2_error.h"
#include "server/io/decompressing_source.h"

namespace scamper::io {
namespace {

constexpr StreamFormat kFormat = {"bzip2", "BZh", 1};

class Bzip2Decoder : public StreamDecoder {
 public:
  ~Bzip2Decoder() override { End(); }

  const StreamFormat& format() const override { return kFormat; }

  absl::Status Start() override {
    End();
    int code = BZ2_bzDecompressInit(&stream_, /*verbosity=*/0, /*small=*/0);
    ready_ = code == BZ_OK;
    return ready_ ? absl::OkStatus() : Bzip2Error(code);
  }

  absl::StatusOr<bool> Decode(absl::string_view* in, absl::Span<char>* out) override {
    constexpr size_t kMax = std::numeric_limits<unsigned int>::max();
    unsigned int in_size = static_cast<unsigned int>(std::min(in->size(), kMax));
    unsigned int out_size = static_cast<unsigned int>(std::min(out->size(), kMax));
    stream_.next_in = const_cast<char*>(in->data());
    stream_.avail_in = in_size;
    stream_.next_out = out->data();
    stream_.avail_out = out_size;
    int code = BZ2_bzDecompress(&stream_);
    in->remove_prefix(in_size - stream_.avail_in);
    out->remove_prefix(out_size - stream_.avail_out);
    if (code < 0) return Bzip2Error(code);
    return code == BZ_STREAM_END;
  }

 private:
  void End() {
    if (ready_) BZ2_bzDecompressEnd(&stream_);
    ready_ = false;
    stream_ = {};
  }

  bz_stream stream_ = {};
  bool ready_ = false;
};

}  // namespace

std::unique_ptr<ByteSource> NewBzip2Source(std::unique_ptr<ByteSource> source) {
  return std::make_unique<DecompressingSource>(std::move(source), std::make_unique<Bzip2Decoder>());
}

}  // namespace scamper::io

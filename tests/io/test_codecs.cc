// SPDX-License-Identifier: Apache-2.0
#include "tests/io/test_codecs.h"

#include <bzlib.h>
#include <lzma.h>
#include <zlib.h>

#include <algorithm>
#include <optional>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/io/bzip2_sink.h"
#include "server/io/bzip2_source.h"
#include "server/io/callback_io.h"
#include "server/io/gzip_inflater.h"
#include "server/io/gzip_sink.h"
#include "server/io/gzip_source.h"
#include "server/io/string_io.h"
#include "server/io/xz_sink.h"
#include "server/io/xz_source.h"

namespace scamper::io {
namespace {

constexpr size_t kLibraryRoom = 1 << 20;

std::string ZlibOutput(absl::string_view start) {
  std::string out(kLibraryRoom, '\0');
  z_stream stream = {};
  inflateInit2(&stream, 15 + 16);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(start.data()));
  stream.avail_in = static_cast<uInt>(start.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  inflate(&stream, Z_SYNC_FLUSH);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

std::string Bzip2Output(absl::string_view start) {
  std::string out(kLibraryRoom, '\0');
  bz_stream stream = {};
  BZ2_bzDecompressInit(&stream, 0, 0);
  stream.next_in = const_cast<char*>(start.data());
  stream.avail_in = static_cast<unsigned>(start.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<unsigned>(out.size());
  BZ2_bzDecompress(&stream);
  out.resize(stream.total_out_lo32);
  BZ2_bzDecompressEnd(&stream);
  return out;
}

std::string XzOutput(absl::string_view start) {
  std::string out(kLibraryRoom, '\0');
  lzma_stream stream = LZMA_STREAM_INIT;
  EXPECT_EQ(lzma_stream_decoder(&stream, UINT64_MAX, 0), LZMA_OK);
  stream.next_in = reinterpret_cast<const uint8_t*>(start.data());
  stream.avail_in = start.size();
  stream.next_out = reinterpret_cast<uint8_t*>(out.data());
  stream.avail_out = out.size();
  // What counts is the output; the start of a stream has no good ending.
  static_cast<void>(lzma_code(&stream, LZMA_RUN) == LZMA_OK);
  out.resize(stream.total_out);
  lzma_end(&stream);
  return out;
}

std::unique_ptr<ByteSource> ZlibSource(std::unique_ptr<ByteSource> source) {
  return std::make_unique<DecompressingSource>(std::move(source), NewZlibInflater());
}

}  // namespace

const std::vector<Codec>& AllCodecs() {
  static const auto* codecs = new std::vector<Codec>{
#ifdef SCAMPER_IO_HAVE_ISAL
      {"GzipByIsal",
       [](std::unique_ptr<ByteSource> source) -> std::unique_ptr<ByteSource> {
         return std::make_unique<DecompressingSource>(std::move(source), NewIsalInflater());
       },
       NewGzipSink, ZlibOutput, "gzip"},
#endif
      {"GzipByZlib", ZlibSource, NewGzipSink, ZlibOutput, "gzip"},
      {"Bzip2", NewBzip2Source, NewBzip2Sink, Bzip2Output, "bzip2"},
      {"Xz", [](std::unique_ptr<ByteSource> source) { return NewXzSource(std::move(source)); },
       NewXzSink, XzOutput, "xz"},
  };
  return *codecs;
}

Outcome ReadAll(ByteSource* source, size_t step) {
  Outcome outcome;
  std::string buffer(step, '\0');
  while (outcome.bytes.size() < (size_t{64} << 20)) {
    absl::StatusOr<size_t> n = source->Read(buffer.data(), step);
    outcome.status = n.status();
    if (!n.ok() || *n == 0) return outcome;
    EXPECT_LE(*n, step);
    outcome.bytes.append(buffer, 0, *n);
  }
  ADD_FAILURE() << "no end";
  return outcome;
}

Outcome Decompressed(const Codec& codec, std::string compressed, size_t step) {
  return ReadAll(codec.source(std::make_unique<StringSource>(std::move(compressed))).get(), step);
}

std::string Compressed(const Codec& codec, absl::string_view bytes) {
  std::string out;
  std::unique_ptr<ByteSink> sink = codec.sink(std::make_unique<StringSink>(&out));
  EXPECT_TRUE(sink->Write(bytes).ok());
  EXPECT_TRUE(sink->Close().ok());
  return out;
}

std::unique_ptr<ByteSource> SlowSource(std::string bytes) {
  size_t position = 0;
  return std::make_unique<CallbackSource>(
      [bytes = std::move(bytes), position]() mutable -> absl::StatusOr<std::optional<std::string>> {
        if (position == bytes.size()) return std::nullopt;
        return std::string(1, bytes[position++]);
      });
}

std::unique_ptr<ByteSource> FailingSource(std::string bytes, absl::Status error) {
  bool given = false;
  return std::make_unique<CallbackSource>(
      [bytes = std::move(bytes), error = std::move(error),
       given]() mutable -> absl::StatusOr<std::optional<std::string>> {
        if (given) return error;
        given = true;
        return bytes;
      });
}

std::string MixedBytes(size_t size, unsigned seed) {
  std::minstd_rand random(seed);
  std::string bytes;
  while (bytes.size() < size) {
    absl::StrAppend(&bytes, "192.0.2.", random() % 256, " is hop ", bytes.size() % 30, "\n");
    for (unsigned i = random() % 16; i > 0; i--) bytes.push_back(static_cast<char>(random() >> 8));
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace scamper::io

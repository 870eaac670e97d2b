// SPDX-License-Identifier: Apache-2.0
// What the three decompressors have in common. Of use to gzip_source.cc,
// bzip2_source.cc and xz_source.cc only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/io/byte_source.h"

namespace scamper::io {

struct StreamFormat {
  absl::string_view name;   // leads the messages
  absl::string_view magic;  // the first bytes of every stream; the very first is not zero
  size_t padding_unit;      // zero bytes after a stream come in multiples of this
};

// Decodes one compressed stream after the other.
class StreamDecoder {
 public:
  virtual ~StreamDecoder() = default;

  virtual const StreamFormat& format() const = 0;

  // Gets ready for a stream's first byte, whatever was before.
  virtual absl::Status Start() = 0;

  // Decodes from the front of `*in` to the front of `*out`, and shortens both by
  // what it used, also where it fails. Takes exactly the bytes of the stream.
  // True once the stream is complete, verified and delivered. False where it
  // needs more input or more room. Decodes as much as the input allows. `*in` may be empty: then it
  // delivers what it still holds.
  virtual absl::StatusOr<bool> Decode(absl::string_view* in, absl::Span<char>* out) = 0;
};

// Reads any number (at least one) of compressed streams on end, each followed by
// any number of zero bytes. Holds a buffer of 64 KiB beside the decoder.
//
// DATA_LOSS, with the offset in the compressed input:
//   - the input ends inside a stream, or is empty: the offset is its length
//   - a stream is damaged: the offset is where the decoder noticed, at or after
//     the damage
//   - the input does not begin with a stream, or something that is neither zeros
//     nor a stream follows one: the offset of its first byte
//   - padding that is no multiple of the unit: the offset of its first byte
// Errors of the source below are passed on as they are, after all that could be
// decompressed before.
class DecompressingSource : public ByteSource {
 public:
  DecompressingSource(std::unique_ptr<ByteSource> source, std::unique_ptr<StreamDecoder> decoder);
  absl::StatusOr<size_t> Read(char* buffer, size_t size) override;

 private:
  enum class State { kBetweenStreams, kInStream, kEnd };

  absl::Status Step(absl::Span<char>* out);
  absl::Status StepBetweenStreams();
  absl::Status StepInStream(absl::Span<char>* out);
  absl::Status CheckPadding(uint64_t padding_end) const;
  void Fill();
  void SkipZeros();
  absl::Status Damage(absl::string_view what, uint64_t offset) const;
  // Place in the compressed input of the first byte of in_.
  uint64_t Offset() const { return filled_ - in_.size(); }

  const std::unique_ptr<ByteSource> source_;
  const std::unique_ptr<StreamDecoder> decoder_;
  std::array<char, 64 * 1024> buffer_;
  absl::string_view in_;  // the part of buffer_ that is not yet decoded
  uint64_t filled_ = 0;   // bytes that came from source_
  bool input_ended_ = false;
  absl::Status input_status_;  // why, where not at the clean end
  State state_ = State::kBetweenStreams;
  bool any_stream_ = false;
  uint64_t stream_end_ = 0;  // where the last stream ended
  absl::Status status_;
};

}  // namespace scamper::io

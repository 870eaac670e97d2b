// SPDX-License-Identifier: Apache-2.0
// Blocks of flags and parameters, driven by one table for each block.
//
// A table is a constexpr array of rows in ascending order of flag number:
//
//   constexpr Row<v1::Ping> kPingRows[] = {
//       WARTS_NUMBER(v1::Ping, 6, U8, stop_reason),   // optional number or enum
//       WARTS_OBJECT(v1::Ping, 5, Tv, start),         // optional string, bytes or message
//       WARTS_LIST(v1::Ping, 24, AddrList, tsps),     // repeated, present when not empty
//       {12, "wait_probe", HasWait, ReadWait, WriteWait},
//   };
//
// It drives reading and writing alike. Guarantees:
// 1. A row reads inside its own block and nowhere else.
// 2. A block whose flags are those that its message would be written with keeps
//    nothing but the message.
// 3. Of any other block the flag bytes are kept in `uninterpreted`, and so are the
//    parameters from the first one on that is unknown or is a string that is not
//    UTF-8. Writing the message then gives the same flags and parameters.
// 4. Not kept, for values mean the same: a repeated definition of a known
//    address, file-level addresses, microseconds beyond a second, and the first
//    of two superseding parameters where they disagree.
// 5. What is written is read as the same message.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/strings/string_view.h"
#include "scamper/v1/common.pb.h"
#include "server/warts/kinds.h"

// Of a lambda that is the same work for each row of a table.
#define WARTS_INLINE __attribute__((always_inline))

namespace scamper::warts {

// A set of flags 1-63; flag n is bit n.
using FlagSet = uint64_t;
constexpr FlagSet Bit(int flag) { return FlagSet{1} << flag; }
// Flags that one of the bytes in front of a block holds.
inline constexpr size_t kFlagsPerByte = 7;
// The lowest flag of a set that is not empty.
constexpr FlagSet Lowest(FlagSet flags) { return flags & (~flags + 1); }

template <typename M>
struct Row {
  int flag;
  // Name of the proto field.
  const char* name;
  // Whether the parameter is written. `kept` are the flags of `uninterpreted`,
  // empty where there is none; only rows whose presence the message cannot tell use it.
  bool (*has)(const M& message, FlagSet kept);
  bool (*read)(Cursor& cursor, ReadState& state, M* message);
  bool (*write)(const M& message, Writer& writer, WriteState& state);
  // Calls the visitor for each address; null where the row holds none.
  void (*visit)(const M& message, AddressVisitor visit) = nullptr;
  // Whether it is a WARTS_TEXT.
  bool text = false;
  // Whether it is read and never written.
  bool read_only = false;
};

// The table of a block; empty for a block without known parameters. The message
// that goes along names M.
template <typename M>
using Rows = std::type_identity_t<std::span<const Row<M>>>;

template <typename Kind, typename Value>
void VisitAddresses(const Value& value, AddressVisitor visit) {
  if constexpr (requires { Kind::Visit(value, visit); }) Kind::Visit(value, visit);
}

#define WARTS_NUMBER(M, flag, Kind, field)                                               \
  ::scamper::warts::Row<M> {                                                             \
    flag, #field, [](const M& m, ::scamper::warts::FlagSet) { return m.has_##field(); }, \
        [](::scamper::warts::Cursor& c, ::scamper::warts::ReadState& s, M* m) {          \
          uint32_t value = 0;                                                            \
          if (!Kind::Read(c, s, &value)) return false;                                   \
          m->set_##field(static_cast<decltype(m->field())>(value));                      \
          return true;                                                                   \
        },                                                                               \
        [](const M& m, ::scamper::warts::Writer& w, ::scamper::warts::WriteState& s) {   \
          return Kind::Write(static_cast<uint32_t>(m.field()), w, s);                    \
        }                                                                                \
  }

#define WARTS_OBJECT_IF(M, flag, Kind, field, presence)                                \
  ::scamper::warts::Row<M> {                                                           \
    flag, #field, presence,                                                            \
        [](::scamper::warts::Cursor& c, ::scamper::warts::ReadState& s, M* m) {        \
          return Kind::Read(c, s, m->mutable_##field());                               \
        },                                                                             \
        [](const M& m, ::scamper::warts::Writer& w, ::scamper::warts::WriteState& s) { \
          return Kind::Write(m.field(), w, s);                                         \
        },                                                                             \
        [](const M& m, ::scamper::warts::AddressVisitor visit) {                       \
          ::scamper::warts::VisitAddresses<Kind>(m.field(), visit);                    \
        }                                                                              \
  }

#define WARTS_OBJECT(M, flag, Kind, field) \
  WARTS_OBJECT_IF(M, flag, Kind, field,    \
                  [](const M& m, ::scamper::warts::FlagSet) { return m.has_##field(); })

// An empty list is written where it was met.
#define WARTS_LIST(M, flag, Kind, field)                                                 \
  WARTS_OBJECT_IF(M, flag, Kind, field, [](const M& m, ::scamper::warts::FlagSet kept) { \
    return m.field##_size() > 0 || (kept & ::scamper::warts::Bit(flag)) != 0;            \
  })

// A string, which may hold bytes that no field can: see guarantee 3.
#define WARTS_TEXT(M, flag, field)                                                       \
  ::scamper::warts::Row<M> {                                                             \
    flag, #field, [](const M& m, ::scamper::warts::FlagSet) { return m.has_##field(); }, \
        [](::scamper::warts::Cursor& c, ::scamper::warts::ReadState& s, M* m) {          \
          absl::string_view text;                                                        \
          if (!::scamper::warts::Str::ReadView(c, s, &text)) return false;               \
          m->set_##field(text.data(), text.size());                                      \
          return true;                                                                   \
        },                                                                               \
        [](const M& m, ::scamper::warts::Writer& w, ::scamper::warts::WriteState& s) {   \
          return ::scamper::warts::Str::Write(m.field(), w, s);                          \
        },                                                                               \
        nullptr, true                                                                    \
  }

// A deprecated reference to a file-level address; read, never written.
#define WARTS_FILE_ADDRESS(M, flag, field)                                                       \
  ::scamper::warts::Row<M> {                                                                     \
    flag, #field, [](const M&, ::scamper::warts::FlagSet) { return false; },                     \
        [](::scamper::warts::Cursor& c, ::scamper::warts::ReadState& s, M* m) {                  \
          std::string address;                                                                   \
          if (!::scamper::warts::FileAddr::Read(c, s, &address)) return false;                   \
          if (!address.empty()) m->set_##field(address);                                         \
          return true;                                                                           \
        },                                                                                       \
        [](const M&, ::scamper::warts::Writer&, ::scamper::warts::WriteState&) { return true; }, \
        nullptr, false, true                                                                     \
  }

// The rows of a 32-bit field `flags` that two flags hold together: `low` its low 8 bits,
// `wide` the whole value, which then counts alone.
template <typename M, int low, int wide>
struct SplitFlags {
  static bool HasLow(const M& m, FlagSet kept) {
    if (!m.has_flags()) return false;
    if ((kept & (Bit(low) | Bit(wide))) != 0) return (kept & Bit(low)) != 0;
    return m.flags() == 0 || (m.flags() & 0xff) != 0;
  }
  static bool HasWide(const M& m, FlagSet kept) {
    return m.has_flags() && (m.flags() > 0xff || (kept & Bit(wide)) != 0);
  }
  template <typename Kind>
  static bool Read(Cursor& c, ReadState& s, M* m) {
    uint32_t flags = 0;
    if (!Kind::Read(c, s, &flags)) return false;
    m->set_flags(flags);
    return true;
  }
  static bool WriteLow(const M& m, Writer& w, WriteState&) {
    w.U8(m.flags());
    return true;
  }
  static bool WriteWide(const M& m, Writer& w, WriteState& s) {
    return U32::Write(m.flags(), w, s);
  }

  static constexpr Row<M> kLow = {low, "flags", HasLow, Read<U8>, WriteLow};
  static constexpr Row<M> kWide = {wide, "flags", HasWide, Read<U32>, WriteWide};
};

// The head of a block.
struct BlockHead {
  // Flags 1-63 that are set.
  FlagSet flags = 0;
  // As found.
  absl::string_view flag_bytes;
  // Whether flags above 63 are set; all of them are unknown.
  bool beyond = false;
};

// Reads flag bytes and length; `params` then covers the parameters, and `cursor`
// is behind the block.
bool ReadBlockHead(Cursor& cursor, ReadState& state, BlockHead* head, Cursor* params);

// Bytes that the flags need.
constexpr size_t FlagByteCount(FlagSet flags) {
  const size_t highest = flags == 0 ? 1 : static_cast<size_t>(std::bit_width(flags)) - 1;
  return (highest + kFlagsPerByte - 1) / kFlagsPerByte;
}

// Keeps the flag bytes, with `flags` in place of the head's, and what is left of the parameters.
void Keep(const BlockHead& head, FlagSet flags, const Cursor& params,
          v1::UninterpretedParameters* out);

// What `uninterpreted` adds to a block that is written.
struct Kept {
  FlagSet flags = 0;
  absl::string_view flag_bytes;
  absl::string_view parameters;
};
// INVALID_ARGUMENT in the state where the flag bytes are not linked as they must be.
bool ParseKept(const v1::UninterpretedParameters& in, WriteState& state, Kept* out);

// Whether the kept parameters start with a string that no field can hold.
bool StartsWithNotText(const Kept& kept);

// Writes flag bytes and, where there are flags, a place for the length: the
// size of the writer then, else 0. `tail` are the flags of the kept parameters.
size_t BeginBlock(FlagSet flags, FlagSet tail, const Kept& kept, Writer& writer);
// Fills the length in.
bool EndBlock(size_t begin, Writer& writer, WriteState& state);

// A table that is chosen when the program runs.
template <typename M>
struct RowLoop {
  // Calls f(row) for each row in order until one returns false; true where none did.
  template <typename F>
  constexpr bool All(F f) const {
    for (const Row<M>& row : rows) {
      if (!f(row)) return false;
    }
    return true;
  }
  std::span<const Row<M>> rows;
};

// A table that is a constant: what is done with it becomes straight code, without a loop and
// without calls through the pointers of the rows.
template <const auto& kRows>
struct RowCode {
  template <typename F>
  WARTS_INLINE static constexpr bool All(F f) {
    return [&]<size_t... kIndex>(std::index_sequence<kIndex...>) WARTS_INLINE {
      return (f(kRows[kIndex]) && ...);
    }
    (std::make_index_sequence<std::size(kRows)>());
  }
};

// Flags of all rows.
template <typename Table>
constexpr FlagSet KnownFlags(Table table) {
  FlagSet known = 0;
  table.All([&](const auto& row) WARTS_INLINE {
    known |= Bit(row.flag);
    return true;
  });
  return known;
}

// Flags that the message is written with.
template <typename Table, typename M>
FlagSet PresentFlags(Table table, const M& message, FlagSet kept) {
  FlagSet present = 0;
  table.All([&](const Row<M>& row) WARTS_INLINE {
    present |= FlagSet{row.has(message, kept)} << row.flag;
    return true;
  });
  return present;
}

// Flags, 1-63, of the kept parameters.
template <typename Table>
FlagSet TailFlags(Table table, FlagSet present, const Kept& kept) {
  FlagSet first = kept.flags & ~KnownFlags(table);
  table.All([&](const auto& row) {
    const bool covered = row.text && (kept.flags & ~present & Bit(row.flag)) != 0;
    if (covered && StartsWithNotText(kept)) first |= Bit(row.flag);
    return true;
  });
  return first == 0 ? 0 : kept.flags & ~(Lowest(first) - 1);
}

// Keeps in the message what of its block is not interpreted, with the flags that it will be
// written with. `ignored` are flags that are read only; `all`: every parameter was interpreted.
template <typename Table, typename M>
void KeepRest(Table table, const BlockHead& head, FlagSet ignored, bool all, const Cursor& params,
              M* message) {
  const size_t flag_bytes = head.flag_bytes.size();
  const FlagSet canonical = PresentFlags(table, *message, 0);
  if (all && canonical == head.flags && flag_bytes == FlagByteCount(canonical)) return;
  const Kept kept{head.flags & ~ignored, head.flag_bytes, params.rest()};
  const FlagSet present = PresentFlags(table, *message, kept.flags);
  const FlagSet written = present | TailFlags(table, present, kept);
  if (all && canonical == written && flag_bytes <= FlagByteCount(canonical)) return;
  Keep(head, written, params, message->mutable_uninterpreted());
}

template <typename Table, typename M>
bool ReadTable(Table table, Cursor& cursor, ReadState& state, M* message) {
  BlockHead head;
  Cursor params(absl::string_view{});
  if (!ReadBlockHead(cursor, state, &head, &params)) return false;
  const FlagSet unknown = head.flags & ~KnownFlags(table);
  const FlagSet todo = unknown == 0 ? head.flags : head.flags & (Lowest(unknown) - 1);
  FlagSet ignored = 0;
  Cursor before = params;
  const bool done = table.All([&](const Row<M>& row) WARTS_INLINE {
    if ((todo & Bit(row.flag)) == 0) return true;
    if (row.text) before = params;
    state.place.field = row.name;
    if (!row.read(params, state, message)) return false;
    if (row.read_only) ignored |= Bit(row.flag);
    return true;
  });
  if (!done) {
    if (!state.TakeNotText()) return false;
    params = before;
  }
  state.place.field = nullptr;
  const bool all = done && todo == head.flags && !head.beyond && params.left() == 0;
  KeepRest(table, head, ignored, all, params, message);
  return true;
}

template <typename Table, typename M>
bool WriteTable(Table table, const M& message, Writer& writer, WriteState& state) {
  Kept kept;
  if (message.has_uninterpreted() && !ParseKept(message.uninterpreted(), state, &kept))
    return false;
  const FlagSet flags = PresentFlags(table, message, kept.flags);
  const FlagSet tail = kept.flags == 0 ? 0 : TailFlags(table, flags, kept);
  const FlagSet last = tail == 0 ? ~FlagSet{0} : Lowest(tail) - 1;
  const size_t begin = BeginBlock(flags, tail, kept, writer);
  const bool all = table.All([&](const Row<M>& row) WARTS_INLINE {
    if ((flags & Bit(row.flag)) == 0) return true;
    state.place.field = row.name;
    if ((last & Bit(row.flag)) == 0)
      return state.Fail("follows parameters that are not interpreted");
    return row.write(message, writer, state);
  });
  if (!all) return false;
  state.place.field = nullptr;
  if (begin == 0 && !kept.parameters.empty()) return state.Fail("keeps parameters without a flag");
  writer.Bytes(kept.parameters);
  return EndBlock(begin, writer, state);
}

// Reads one block into the message.
template <typename M>
bool ReadParams(Rows<M> rows, Cursor& cursor, ReadState& state, M* message) {
  return ReadTable(RowLoop<M>{rows}, cursor, state, message);
}
// The same, several times as fast and with more code: for blocks that there are many of.
template <const auto& kRows, typename M>
bool ReadParams(Cursor& cursor, ReadState& state, M* message) {
  return ReadTable(RowCode<kRows>(), cursor, state, message);
}

// Writes one block from the message.
template <typename M>
bool WriteParams(Rows<M> rows, const M& message, Writer& writer, WriteState& state) {
  return WriteTable(RowLoop<M>{rows}, message, writer, state);
}
// The same, several times as fast and with more code: for blocks that there are many of.
template <const auto& kRows, typename M>
bool WriteParams(const M& message, Writer& writer, WriteState& state) {
  return WriteTable(RowCode<kRows>(), message, writer, state);
}

template <typename M>
void VisitParams(Rows<M> rows, const M& message, AddressVisitor visit) {
  for (const Row<M>& row : rows) {
    if (row.visit != nullptr) row.visit(message, visit);
  }
}

}  // namespace scamper::warts

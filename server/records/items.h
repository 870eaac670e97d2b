// SPDX-License-Identifier: Apache-2.0
// Items that follow a parameter block, which has their number.
#pragma once

#include <cstdint>

#include "server/warts/cursor.h"
#include "server/warts/kinds.h"
#include "server/warts/state.h"
#include "server/warts/writer.h"

namespace scamper::records {

// Reads `count` items with `read(body, state, item)`. `field` is the name of the count, `item`
// that of one item. Allocates no more than what the bytes of the body can fill. `read` may move
// state.place to items of its own.
template <typename M, typename ReadF>
bool ReadItems(const char* field, const char* item, uint32_t count, warts::Cursor& body,
               warts::ReadState& state, warts::Repeated<M>* out, ReadF read) {
  const warts::Place outer = state.place;
  state.place.field = field;
  // Each item takes a byte at least.
  if (count > body.left()) return state.Fail(body.offset(), "as many items as the count says");
  for (uint32_t i = 0; i < count; ++i) {
    state.place = {item, i, nullptr};
    if (!read(body, state, out->Add())) return false;
  }
  state.place = outer;
  return true;
}

// Writes the items with `write(item, writer, state)`; the count must be theirs.
template <typename M, typename WriteF>
bool WriteItems(const char* field, const char* item, uint32_t count,
                const warts::Repeated<M>& items, warts::Writer& writer, warts::WriteState& state,
                WriteF write) {
  const warts::Place outer = state.place;
  state.place.field = field;
  if (count != static_cast<uint32_t>(items.size()))
    return state.Fail("must be the number of items");
  for (uint32_t i = 0; i < count; ++i) {
    state.place = {item, i, nullptr};
    if (!write(items[static_cast<int>(i)], writer, state)) return false;
  }
  state.place = outer;
  return true;
}

}  // namespace scamper::records

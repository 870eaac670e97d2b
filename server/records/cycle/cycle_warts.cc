// SPDX-License-Identifier: Apache-2.0
#include "server/records/cycle/cycle_warts.h"

namespace scamper::records {
namespace {

using v1::Cycle;
using v1::CycleStop;

constexpr warts::Row<Cycle> kCycleRows[] = {
    WARTS_OBJECT(Cycle, 1, warts::Time32, stop),
    WARTS_TEXT(Cycle, 2, hostname),
};

constexpr std::span<const warts::Row<CycleStop>> kCycleStopRows;

bool ReadId(const char* field, warts::Cursor& body, warts::ReadState& state, uint32_t* out) {
  state.place.field = field;
  return warts::U32::Read(body, state, out);
}

}  // namespace

bool ReadCycle(warts::Cursor& body, warts::ReadState& state, v1::Cycle* out) {
  uint32_t warts_id = 0;
  uint32_t list_id = 0;
  uint32_t id = 0;
  if (!ReadId("warts_id", body, state, &warts_id) || !ReadId("list_id", body, state, &list_id) ||
      !ReadId("id", body, state, &id)) {
    return false;
  }
  out->set_warts_id(warts_id);
  out->set_list_id(list_id);
  out->set_id(id);
  state.place.field = "start";
  if (!warts::Time32::Read(body, state, out->mutable_start())) return false;
  if (!warts::ReadParams(kCycleRows, body, state, out)) return false;
  if (body.left() > 0) out->set_trailing(body.rest().data(), body.rest().size());
  return true;
}

bool WriteCycle(const v1::Cycle& cycle, warts::Writer& writer, warts::WriteState& state) {
  writer.U32(cycle.warts_id());
  writer.U32(cycle.list_id());
  writer.U32(cycle.id());
  state.place.field = "start";
  if (!warts::Time32::Write(cycle.start(), writer, state) ||
      !warts::WriteParams(kCycleRows, cycle, writer, state)) {
    return false;
  }
  writer.Bytes(cycle.trailing());
  return true;
}

bool ReadCycleStop(warts::Cursor& body, warts::ReadState& state, v1::CycleStop* out) {
  uint32_t cycle_id = 0;
  if (!ReadId("cycle_id", body, state, &cycle_id)) return false;
  out->set_cycle_id(cycle_id);
  state.place.field = "stop";
  if (!warts::Time32::Read(body, state, out->mutable_stop())) return false;
  if (!warts::ReadParams(kCycleStopRows, body, state, out)) return false;
  if (body.left() > 0) out->set_trailing(body.rest().data(), body.rest().size());
  return true;
}

bool WriteCycleStop(const v1::CycleStop& stop, warts::Writer& writer, warts::WriteState& state) {
  writer.U32(stop.cycle_id());
  state.place.field = "stop";
  if (!warts::Time32::Write(stop.stop(), writer, state) ||
      !warts::WriteParams(kCycleStopRows, stop, writer, state)) {
    return false;
  }
  writer.Bytes(stop.trailing());
  return true;
}

}  // namespace scamper::records

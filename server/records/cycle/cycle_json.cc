// SPDX-License-Identifier: Apache-2.0
#include "server/records/cycle/cycle_json.h"

#include "server/records/json_text.h"

namespace scamper::records {
namespace {

constexpr size_t kLineCapacity = 1023;

void AppendLine(absl::string_view type_and_list, const v1::Cycle* cycle,
                absl::string_view time_name, int64_t time, const JsonContext& context,
                std::string* out) {
  JsonFragment line(context, kLineCapacity, out);
  JsonRawString(type_and_list, context.list == nullptr ? "" : context.list->name(), context, out);
  JsonU32(", \"id\":", cycle == nullptr ? 0 : cycle->id(), out);
  if (cycle != nullptr && cycle->has_hostname())
    JsonRawString(", \"hostname\":\"", cycle->hostname(), context, out);
  JsonU32(time_name, static_cast<uint64_t>(time), out);
  JsonLiteral("}\n", out);
  line.End();
}

}  // namespace

void AppendCycleStartJson(const v1::Cycle& cycle, const JsonContext& context, std::string* out) {
  AppendLine("{\"type\":\"cycle-start\", \"list_name\":\"", &cycle,
             ", \"start_time\":", cycle.start().seconds(), context, out);
}

void AppendCycleStopJson(const v1::CycleStop& stop, const JsonContext& context, std::string* out) {
  AppendLine("{\"type\":\"cycle-stop\", \"list_name\":\"", context.cycle,
             ", \"stop_time\":", stop.stop().seconds(), context, out);
}

}  // namespace scamper::records

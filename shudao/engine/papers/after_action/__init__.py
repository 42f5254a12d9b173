"""复盘报告 (after-action report): what was planned, what was done, how it is rated and what changes, from plain data.

Sections: 概况, 目标与情景, 参演与评估组织, 时间线, 各目标评级与证据, 优点, 问题–原因–建议, 整改清单, 结论. The three
worst expectations stand before everything else. Drill and real incident share it.
"""

from shudao.engine.papers.after_action.data import AfterAction, Aim, Correction, Moment, Problem, Taker
from shudao.engine.papers.after_action.paper import after_action_paper

__all__ = ["AfterAction", "Aim", "Correction", "Moment", "Problem", "Taker", "after_action_paper"]

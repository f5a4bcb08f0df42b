"""Small files as they are published, and a matrix of which everything is known."""

import numpy as np

from equipoise.engine.matrix import Matrix

ONE_LEVEL = """ 2 3
 1
 50
 0.50 1.00 4. 30.
 1.00 2.00 5. 40.
 10 0
 20 7
 0 8
 Bi hi
 time
"""
SEVERAL_LEVELS = """N_Product
2
Cap(R,Cap)
[20.0, 30.0, 30.0]
Production_Time
[1.0, 0.0]
Order_Delay_TimeLimit
[2, 0]
[1, 0]
[0, 0]
Demand
[[10.0, 0.0, 12.5], [0.0, 0.0, 0.0]]
Setup_Time
[3.0, 0.0]
Setup_Cost
[50.0, 70.0]
Holding_Cost
[2.0, 1.0]
Delay_Cost
[10.0, 0.0]
Assemble,Component,Quantity
[1, 2, 2]
Substitution,Product,Cost,Quantity
"""
KNAPSACK = Matrix(
    # 3 a + 2.5 x >= 4, a whole, x <= 1: a = 1 and x = 0.4
    cost=np.array([10.0, 5.0]), lower=np.zeros(2), upper=np.array([5.0, 1.0]), integer=np.array([True, False]),
    row_lower=np.array([4.0]), row_upper=np.array([np.inf]), start=np.array([0, 2], np.int32),
    index=np.array([0, 1], np.int32), value=np.array([3.0, 2.5]), offset=100.0,
)  # fmt: skip
